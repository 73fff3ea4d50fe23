-- Exports whose parts in Drive may go. All of their parts are read, but for second copies whose
-- bytes are by Drive's word those of one that is; nothing is wrong with them; and whatever lies
-- in them is in the index (JSON), or in a file that was found right at :began and has the
-- bytes that the part states, or is the page on which Google lists what it exported.
SELECT export.id, export.name, count(*) AS parts, sum(export_part.size_bytes) AS bytes
  FROM export
  JOIN export_part ON export_part.export = export.id
 WHERE export_part.place = 'drive' AND export_part.gone = 0 AND export.stale = 0
   AND NOT EXISTS (
       SELECT 1
         FROM export_part AS part
         LEFT JOIN item AS copied ON copied.source = 'drive' AND copied.remote_id = part.address
        WHERE part.export = export.id AND part.gone = 0 AND part.state <> 'read'
          AND NOT (part.state = 'double' AND part.place = 'drive' AND EXISTS (
              SELECT 1
                FROM export_part AS other
                JOIN item ON item.source = 'drive' AND item.remote_id = other.address
               WHERE other.export = part.export AND other.series = part.series AND other.number = part.number
                 AND other.place = 'drive' AND other.gone = 0 AND other.state = 'read' AND item.md5 = copied.md5)))
   AND NOT EXISTS (
       SELECT 1
         FROM problem
        WHERE problem.source = 'takeout' AND substr(problem.remote_id, 1, length(export.name)) = export.name)
   AND NOT EXISTS (
       SELECT 1
         FROM entry
         JOIN export_part AS part ON part.id = entry.part
        WHERE part.export = export.id AND part.place = 'drive' AND part.gone = 0 AND part.state = 'read'
          AND entry.sidecar IS NULL AND entry.name <> 'archive_browser.html'
          AND NOT EXISTS (
              SELECT 1
                FROM holding
                JOIN file ON file.id = holding.file
               WHERE holding.item = entry.item AND file.verified_at = :began
                 AND file.size_bytes = entry.size_bytes AND file.crc32 = entry.crc32))
 GROUP BY export.id
HAVING EXISTS (SELECT 1 FROM entry WHERE entry.export = export.id AND entry.item IS NOT NULL)
 ORDER BY COALESCE(export.made_at, export.found_at) DESC, export.id DESC

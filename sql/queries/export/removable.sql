-- Exports whose parts in Drive may go. Nothing is wrong with them, each part is read or a second
-- copy whose bytes are by Drive's word those of one that is, and whatever lies in those is in
-- the index (JSON), or in a file that was found right at :began and has the bytes that the part
-- states, or is the page on which Google lists what it exported.
SELECT export.id, export.name, count(*) AS parts, sum(export_part.size_bytes) AS bytes
  FROM export
  JOIN export_part ON export_part.export = export.id
 WHERE export_part.place = 'drive' AND export_part.gone = 0 AND export.stale = 0
   AND NOT EXISTS (
       SELECT 1
         FROM problem
        WHERE problem.source = 'takeout' AND substr(problem.remote_id, 1, length(export.name)) = export.name)
 GROUP BY export.id
HAVING min(
       CASE export_part.state
       WHEN 'read' THEN NOT EXISTS (
           SELECT 1
             FROM entry
            WHERE entry.part = export_part.id AND entry.sidecar IS NULL AND entry.name <> 'archive_browser.html'
              AND NOT EXISTS (
                  SELECT 1
                    FROM holding
                    JOIN file ON file.id = holding.file
                   WHERE holding.item = entry.item AND file.verified_at = :began
                     AND file.size_bytes = entry.size_bytes AND file.crc32 = entry.crc32))
       WHEN 'double' THEN EXISTS (
           SELECT 1
             FROM export_part AS other
             JOIN item ON item.source = 'drive' AND item.remote_id = other.address
             JOIN item AS copied ON copied.source = 'drive' AND copied.remote_id = export_part.address
            WHERE other.export = export_part.export AND other.series = export_part.series
              AND other.number = export_part.number AND other.place = 'drive' AND other.gone = 0
              AND other.state = 'read' AND item.md5 = copied.md5)
       ELSE 0 END) = 1
   AND max(EXISTS (SELECT 1 FROM entry WHERE entry.part = export_part.id AND entry.item IS NOT NULL)) = 1
 ORDER BY COALESCE(export.made_at, export.found_at) DESC, export.id DESC

-- The newest first. A part counts that is there, or was when it was read.
SELECT export.id, export.name, export.made_at, export.found_at,
       count(export_part.id) FILTER (WHERE export_part.gone = 0 OR export_part.state = 'read') AS parts,
       count(export_part.id) FILTER (WHERE export_part.state = 'read') AS read,
       COALESCE(sum(export_part.size_bytes) FILTER (WHERE export_part.gone = 0 OR export_part.state = 'read'), 0) AS bytes
  FROM export
  LEFT JOIN export_part ON export_part.export = export.id AND export_part.state <> 'double'
 GROUP BY export.id
 ORDER BY COALESCE(export.made_at, export.found_at) DESC, export.id DESC

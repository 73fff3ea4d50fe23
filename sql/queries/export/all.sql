-- The newest first.
SELECT export.id, export.name, export.made_at, export.found_at,
       count(export_part.id) FILTER (WHERE export_part.gone = 0 AND export_part.state <> 'double') AS parts
  FROM export
  LEFT JOIN export_part ON export_part.export = export.id
 GROUP BY export.id
 ORDER BY COALESCE(export.made_at, export.found_at) DESC, export.id DESC

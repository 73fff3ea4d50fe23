-- As unread, of all parts whose directories were read.
SELECT count(*) AS entries
  FROM export_part
  JOIN entry ON entry.part = export_part.id
 WHERE export_part.state = 'listed' AND export_part.gone = 0
   AND entry.sidecar IS NULL AND entry.name LIKE '%.json'

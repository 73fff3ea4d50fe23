-- CROSS keeps SQLite from taking the remembered ones first, and sorting them all.
SELECT item.id AS row, remembered.*
  FROM item
 CROSS JOIN remembered ON remembered.source = item.source AND remembered.remote_id = item.remote_id
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
 WHERE item.id > :after AND remembered.sha256 IS NOT NULL
   AND (file.path IS NOT remembered.path OR file.sha256 IS NOT remembered.sha256)
 ORDER BY item.id
 LIMIT :most

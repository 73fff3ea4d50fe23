SELECT id, path
  FROM file
 WHERE id > :after AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.file = file.id)
 ORDER BY id
 LIMIT :most

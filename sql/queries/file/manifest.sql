SELECT holding.item AS row, item.source, item.remote_id, holding.revision, file.path, file.size_bytes, file.sha256
  FROM holding
  JOIN item ON item.id = holding.item
  JOIN file ON file.id = holding.file
 WHERE holding.item > :after
 ORDER BY holding.item
 LIMIT :most

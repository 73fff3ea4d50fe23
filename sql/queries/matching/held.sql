SELECT file.id, file.size_bytes, file.sha256, file.picture, file.duration_ms
  FROM holding
  JOIN file ON file.id = holding.file
 WHERE holding.item = :item

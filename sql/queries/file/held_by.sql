SELECT file.id, file.path, file.size_bytes, file.mtime_ns, file.sha256
  FROM holding
  JOIN file ON file.id = holding.file
 WHERE holding.item = :item

SELECT album_item.position, file.path, file.size_bytes, file.mtime_ns, file.sha256
  FROM album_item
  JOIN holding ON holding.item = album_item.item
  JOIN file ON file.id = holding.file
 WHERE album_item.album = :album
 ORDER BY album_item.position

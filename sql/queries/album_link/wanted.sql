-- What another source's album of the same identity has beside comes behind.
SELECT album_item.position, file.path, file.size_bytes, file.mtime_ns, file.sha256
  FROM album_item
  JOIN holding ON holding.item = album_item.item
  JOIN file ON file.id = holding.file
 WHERE album_item.album = :album
UNION ALL
SELECT (SELECT max(position) FROM album_item WHERE album = :album) + album_item.position AS position,
       file.path, file.size_bytes, file.mtime_ns, file.sha256
  FROM album_item
  JOIN holding ON holding.item = album_item.item
  JOIN file ON file.id = holding.file
 WHERE album_item.album = :twin
   AND NOT EXISTS (
       SELECT 1
         FROM holding AS other
         JOIN album_item AS others ON others.item = other.item
        WHERE other.file = holding.file AND others.album = :album)
 ORDER BY 1

SELECT path, position, target, mode, size_bytes, mtime_ns, sha256
  FROM album_link
 WHERE album = :album
 ORDER BY path

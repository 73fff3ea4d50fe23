SELECT path, target, mode, size_bytes, mtime_ns, sha256, 0 AS verified_at
  FROM album_link
 WHERE mode <> 'symlink' AND verified_at IS NULL AND path > :after
 ORDER BY path
 LIMIT :most

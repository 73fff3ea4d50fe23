SELECT id, path, size_bytes, mtime_ns, sha256, 0 AS verified_at
  FROM file
 WHERE verified_at IS NULL AND id > :after
 ORDER BY id
 LIMIT :most

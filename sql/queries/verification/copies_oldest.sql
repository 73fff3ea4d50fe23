-- As in oldest.
SELECT path, target, mode, size_bytes, mtime_ns, sha256, verified_at
  FROM album_link
 WHERE mode <> 'symlink' AND verified_at IS NOT NULL AND (verified_at, path) > (:at, :after) AND verified_at <> :except
 ORDER BY verified_at, path
 LIMIT :most

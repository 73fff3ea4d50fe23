-- Less what the verification that began at :except has found right already.
SELECT id, path, size_bytes, mtime_ns, sha256, verified_at
  FROM file
 WHERE verified_at IS NOT NULL AND (verified_at, id) > (:at, :after) AND verified_at <> :except
 ORDER BY verified_at, id
 LIMIT :most

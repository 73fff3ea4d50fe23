SELECT id, why, path, trash_path, put_back, size_bytes, mtime_ns, sha256, restored_at, purged_at
  FROM trash
 WHERE run = :run AND why = :why AND id > :after
 ORDER BY id
 LIMIT :most

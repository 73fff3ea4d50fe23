SELECT id, why, path, trash_path, put_back, size_bytes, mtime_ns, sha256, restored_at, purged_at
  FROM trash
 WHERE why = :why AND restored_at IS NULL AND purged_at IS NULL AND id > :after
 ORDER BY id
 LIMIT :most

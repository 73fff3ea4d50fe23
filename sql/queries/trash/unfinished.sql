SELECT id, why, path, trash_path, put_back, size_bytes, mtime_ns, sha256, restored_at, purged_at
  FROM trash
 WHERE put_back IS NOT NULL AND restored_at IS NULL
 ORDER BY id

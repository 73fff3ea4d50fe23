SELECT count(*) AS files, COALESCE(sum(size_bytes), 0) AS bytes
  FROM trash
 WHERE restored_at IS NULL AND purged_at IS NULL

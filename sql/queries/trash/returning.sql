-- The newest bytes of one state of an item that lie in the trash.
SELECT trash.id, trash.why, trash.path, trash.trash_path, trash.put_back, trash.size_bytes, trash.mtime_ns,
       trash.sha256, trash.restored_at, trash.purged_at
  FROM trash_holding
  JOIN trash ON trash.id = trash_holding.trash
 WHERE trash_holding.item = :item AND trash_holding.revision = :revision
   AND trash.restored_at IS NULL AND trash.purged_at IS NULL
 ORDER BY trash_holding.trash DESC
 LIMIT 1

-- Without the hint SQLite takes item_by_folder, and sorts all that is unseated for each batch.
SELECT id, gone, missing, seen, folder, form, export_as, extension, holding.revision, source, remote_id, kind, target,
       title, mime_type, parent, EXISTS (SELECT 1 FROM extra_parent WHERE extra_parent.item = item.id),
       size_bytes, md5, sha256, item.revision, created_at, item.modified_at, owned, trashed, favourite, withheld,
       computer, shared_drive, taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms,
       description
  FROM item INDEXED BY item_unseated
  LEFT JOIN holding ON holding.item = item.id
 WHERE folder IS NULL AND source = :source
 ORDER BY item.id
 LIMIT :most

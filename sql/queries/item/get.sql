SELECT id, gone, missing, seen, folder, form, export_as, extension, holding.revision, source, remote_id, kind, target,
       title, mime_type, parent, EXISTS (SELECT 1 FROM extra_parent WHERE extra_parent.item = item.id),
       size_bytes, md5, sha256, item.revision, created_at, item.modified_at, owned, trashed, favourite, withheld,
       computer, shared_drive, taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms,
       description
  FROM item
  LEFT JOIN holding ON holding.item = item.id
 WHERE id = :id

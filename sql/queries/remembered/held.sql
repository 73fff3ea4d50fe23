SELECT holding.item AS row, item.source, item.remote_id, file.path, item.parent, item.title, item.mime_type,
       item.owned, item.created_at, file.size_bytes, file.sha256, holding.revision, holding.modified_at,
       holding.fidelity, holding.match_rule, holding.kept,
       item.taken_at, item.taken_from, item.width, item.height, item.camera, item.latitude, item.longitude,
       item.duration_ms, item.description, item.favourite
  FROM holding
  JOIN item ON item.id = holding.item
  JOIN file ON file.id = holding.file
 WHERE holding.item > :after
 ORDER BY holding.item
 LIMIT :most

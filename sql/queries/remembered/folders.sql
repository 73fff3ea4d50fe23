SELECT place.item AS row, item.source, item.remote_id, place.path, item.parent, item.title, item.mime_type,
       item.owned, item.created_at, NULL AS size_bytes, NULL AS sha256, NULL AS revision, NULL AS modified_at,
       NULL AS fidelity, NULL AS match_rule, NULL AS kept,
       item.taken_at, item.taken_from, item.width, item.height, item.camera, item.latitude, item.longitude,
       item.duration_ms, item.description, item.favourite
  FROM place
  JOIN item ON item.id = place.item
 WHERE place.item > :after AND place.path IS NOT NULL
 ORDER BY place.item
 LIMIT :most

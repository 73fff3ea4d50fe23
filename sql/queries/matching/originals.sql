-- The originals that may be an item of Photos or of the Picker: by the bytes, by the picture, and by the
-- name and the day, which is as long as it takes to go round the earth and back. The
-- file's own time goes before that which its source states.
SELECT file.id, item.title, file.size_bytes, file.sha256, file.picture,
       CASE WHEN file.taken_from IS NULL THEN item.taken_at ELSE file.taken_at END AS taken_at,
       COALESCE(file.taken_from, item.taken_from) AS taken_from,
       COALESCE(file.width, item.width) AS width, COALESCE(file.height, item.height) AS height,
       COALESCE(file.camera, item.camera) AS camera, file.latitude, file.longitude, file.duration_ms
  FROM file
  JOIN holding ON holding.file = file.id
  JOIN item ON item.id = holding.item
 WHERE file.sha256 = :sha256 AND item.source <> 'photos' AND item.source <> 'picker' AND holding.fidelity = 'original'
UNION ALL
SELECT file.id, item.title, file.size_bytes, file.sha256, file.picture,
       CASE WHEN file.taken_from IS NULL THEN item.taken_at ELSE file.taken_at END AS taken_at,
       COALESCE(file.taken_from, item.taken_from) AS taken_from,
       COALESCE(file.width, item.width) AS width, COALESCE(file.height, item.height) AS height,
       COALESCE(file.camera, item.camera) AS camera, file.latitude, file.longitude, file.duration_ms
  FROM file
  JOIN holding ON holding.file = file.id
  JOIN item ON item.id = holding.item
 WHERE file.picture = :picture AND item.source <> 'photos' AND item.source <> 'picker' AND holding.fidelity = 'original'
UNION ALL
SELECT file.id, item.title, file.size_bytes, file.sha256, file.picture,
       CASE WHEN file.taken_from IS NULL THEN item.taken_at ELSE file.taken_at END AS taken_at,
       COALESCE(file.taken_from, item.taken_from) AS taken_from,
       COALESCE(file.width, item.width) AS width, COALESCE(file.height, item.height) AS height,
       COALESCE(file.camera, item.camera) AS camera, file.latitude, file.longitude, file.duration_ms
  FROM item INDEXED BY item_by_title
 CROSS JOIN holding ON holding.item = item.id
  JOIN file ON file.id = holding.file
 WHERE item.title = :title AND item.kind = 'file' AND item.source <> 'photos' AND item.source <> 'picker'
   AND holding.fidelity = 'original' AND file.taken_at IS NULL
   AND item.taken_at BETWEEN :taken_at - 86399999 AND :taken_at + 86399999
UNION ALL
SELECT file.id, item.title, file.size_bytes, file.sha256, file.picture,
       CASE WHEN file.taken_from IS NULL THEN item.taken_at ELSE file.taken_at END AS taken_at,
       COALESCE(file.taken_from, item.taken_from) AS taken_from,
       COALESCE(file.width, item.width) AS width, COALESCE(file.height, item.height) AS height,
       COALESCE(file.camera, item.camera) AS camera, file.latitude, file.longitude, file.duration_ms
  FROM file INDEXED BY file_by_second
 CROSS JOIN holding ON holding.file = file.id
  JOIN item ON item.id = holding.item
 WHERE (file.taken_at + 62135596800000) / 1000 % 900 = (:taken_at + 62135596800000) / 1000 % 900
   AND file.taken_at BETWEEN :taken_at - 86399999 AND :taken_at + 86399999
   AND +item.title = :title AND item.kind = 'file' AND item.source <> 'photos' AND item.source <> 'picker'
   AND holding.fidelity = 'original'

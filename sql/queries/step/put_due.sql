-- What is due and was not planned with its folder: it failed in an earlier run,
-- or a person took its file away.
INSERT INTO step (kind, item, from_path, to_path)
SELECT 'fetch', item.id, file.path,
       COALESCE(parent.path, CASE place.folder
           WHEN -1 THEN 'drive'
           WHEN -2 THEN 'drive-shared'
           WHEN -3 THEN 'drive-orphans'
           WHEN -4 THEN 'drive-computers'
       END) || '/' || place.name
  FROM item
  JOIN place ON place.item = item.id AND place.ordinal = 0
  LEFT JOIN place AS parent ON parent.item = place.folder AND parent.ordinal = 0
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
 WHERE item.due = 1
ON CONFLICT (item, kind) DO NOTHING

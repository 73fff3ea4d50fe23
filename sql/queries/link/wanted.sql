-- The places of shortcuts and of items' further folders, each with the file that
-- it leads to. The tops of the areas have no row and are the caller's to name.
SELECT place.folder, place.name, parent.path AS folder_path, file.path AS target, file.mtime_ns
  FROM item
  JOIN place ON place.item = item.id AND place.ordinal = 0
  LEFT JOIN place AS parent ON parent.item = place.folder AND parent.ordinal = 0
  JOIN item AS pointed ON pointed.source = item.source AND pointed.remote_id = item.target
  JOIN holding ON holding.item = pointed.id
  JOIN file ON file.id = holding.file
 WHERE item.kind = 'shortcut'
UNION ALL
SELECT place.folder, place.name, parent.path, file.path, file.mtime_ns
  FROM place
  LEFT JOIN place AS parent ON parent.item = place.folder AND parent.ordinal = 0
  JOIN holding ON holding.item = place.item
  JOIN file ON file.id = holding.file
 WHERE place.ordinal > 0

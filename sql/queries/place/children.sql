-- A clip takes its name from its still.
SELECT item.id, 0 AS ordinal, item.remote_id, item.created_at, item.title, item.extension, item.form,
       place.wanted, place.name, place.path,
       file.path AS file_path, holding.modified_at AS held_at, holding.revision AS held,
       item.modified_at, item.revision, item.export_as, item.size_bytes, item.md5, item.due,
       still.id AS still, still.title AS still_title
  FROM item
  LEFT JOIN place ON place.item = item.id AND place.ordinal = 0 AND place.folder = :folder
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
  LEFT JOIN item AS still
         ON item.source IN ('photos', 'picker') AND still.source = item.source AND still.remote_id = item.parent
 WHERE item.folder = :folder AND item.form IS NOT NULL
UNION ALL
SELECT item.id, extra_parent.ordinal, item.remote_id, item.created_at, item.title, item.extension, 'link',
       place.wanted, place.name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL
  FROM extra_parent
  JOIN item ON item.id = extra_parent.item
  LEFT JOIN place ON place.item = item.id AND place.ordinal = extra_parent.ordinal AND place.folder = :folder
 WHERE extra_parent.folder = :folder AND item.form IN ('bytes', 'export', 'pointer')

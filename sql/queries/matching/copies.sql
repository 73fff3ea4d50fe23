-- The items of Photos and of the Picker that may be the original in a file, and lie in files of their own.
-- The order of the joins is told: by itself SQLite begins with all that Photos has.
SELECT item.id
  FROM file AS original
 CROSS JOIN file AS copy ON copy.sha256 = original.sha256
 CROSS JOIN holding ON holding.file = copy.id
 CROSS JOIN item ON item.id = holding.item
 WHERE original.id = :file AND copy.id <> :file AND (item.source = 'photos' OR item.source = 'picker') AND item.parent IS NULL
UNION
SELECT item.id
  FROM file AS original
 CROSS JOIN file AS copy ON copy.picture = original.picture
 CROSS JOIN holding ON holding.file = copy.id
 CROSS JOIN item ON item.id = holding.item
 WHERE original.id = :file AND copy.id <> :file AND (item.source = 'photos' OR item.source = 'picker') AND item.parent IS NULL
UNION
SELECT photo.id
  FROM holding
  JOIN file AS original ON original.id = holding.file
  JOIN item ON item.id = holding.item
 CROSS JOIN item AS photo ON photo.title = item.title AND photo.kind = 'file'
  JOIN holding AS held ON held.item = photo.id
 WHERE holding.file = :file AND item.source <> 'photos' AND item.source <> 'picker' AND held.file <> :file
   AND (photo.source = 'photos' OR photo.source = 'picker') AND photo.parent IS NULL
   AND photo.taken_at BETWEEN COALESCE(original.taken_at, item.taken_at) - 86399999
                          AND COALESCE(original.taken_at, item.taken_at) + 86399999

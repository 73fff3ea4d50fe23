-- Items that were taken over and of which Takeout tells when they were taken, and nothing as good
-- told so before; with that time. By the rows of items, in whose order they are told.
SELECT item.id, other.taken_at
  FROM item NOT INDEXED
 CROSS JOIN holding ON holding.item = item.id
 CROSS JOIN holding AS its ON its.file = holding.file
 CROSS JOIN item AS other ON other.id = its.item
 WHERE item.source = 'adopted' AND (item.taken_from IS NULL OR item.taken_from <> 'google')
   AND other.source = 'takeout' AND other.taken_from = 'google' AND item.id > :after
 ORDER BY item.id
 LIMIT :most

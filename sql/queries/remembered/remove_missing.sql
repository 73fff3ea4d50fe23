-- What was added and of which nothing was found.
DELETE FROM item
 WHERE source = :source AND missing = 1 AND seen = 0
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)

SELECT item.*, NULL AS held
  FROM item INDEXED BY item_due
 WHERE due = 1 AND source = :source AND id > :after
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
 ORDER BY id
 LIMIT :most

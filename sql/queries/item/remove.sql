DELETE FROM item
 WHERE id = :id
   AND NOT EXISTS (SELECT 1 FROM trash_holding WHERE trash_holding.item = :id)

-- As in unseated.
SELECT item.*, holding.revision AS held
  FROM item INDEXED BY item_unseated
  JOIN holding ON holding.item = item.id
 WHERE folder IS NULL AND source = :source
 ORDER BY item.id
 LIMIT :most

-- Without the hint SQLite takes item_by_folder, and sorts all that is unseated for each batch.
SELECT item.*, holding.revision AS held
  FROM item INDEXED BY item_unseated
  LEFT JOIN holding ON holding.item = item.id
 WHERE folder IS NULL AND source = :source
 ORDER BY item.id
 LIMIT :most

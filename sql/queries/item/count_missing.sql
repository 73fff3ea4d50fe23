SELECT count(*) AS items
  FROM item INDEXED BY item_missing
  JOIN holding ON holding.item = item.id
 WHERE item.missing = 1 AND item.source = :source AND item.owned = 1 AND holding.kept = 0

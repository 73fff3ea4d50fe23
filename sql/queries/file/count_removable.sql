SELECT count(DISTINCT holding.file) AS files
  FROM item INDEXED BY item_gone
  JOIN holding ON holding.item = item.id
 WHERE (item.gone = 1 OR item.trashed = 1) AND item.owned = 1 AND holding.kept = 0 AND item.source = :source

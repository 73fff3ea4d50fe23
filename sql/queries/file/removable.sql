-- Held items that are gone, and their files. What others own is lost access, not gone.
SELECT item.id AS item, item.gone, item.trashed, item.missing, item.owned, holding.kept, file.path
  FROM item INDEXED BY item_gone
  JOIN holding ON holding.item = item.id
  JOIN file ON file.id = holding.file
 WHERE (item.gone = 1 OR item.trashed = 1) AND item.missing = 0 AND item.owned = 1 AND holding.kept = 0
   AND item.source = :source AND item.id > :after
 ORDER BY item.id
 LIMIT :most

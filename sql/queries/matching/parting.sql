-- Items that no longer go together with the others that a file holds: their bytes are
-- others now, or they are gone where the file lies in their place.
SELECT item.id, holding.file, item.gone
  FROM item INDEXED BY item_due
  JOIN holding ON holding.item = item.id
 WHERE item.due = 1 AND item.source = :source
   AND EXISTS (SELECT 1 FROM holding AS other WHERE other.file = holding.file AND other.item <> item.id)
UNION ALL
SELECT item.id, holding.file, item.gone
  FROM item INDEXED BY item_gone
  JOIN holding ON holding.item = item.id
 WHERE (item.gone = 1 OR item.trashed = 1) AND item.source = :source AND item.owned = 1 AND item.folder <> 0
   AND holding.kept = 0
   AND EXISTS (
       SELECT 1
         FROM holding AS other
         JOIN item AS stays ON stays.id = other.item
        WHERE other.file = holding.file AND other.item <> item.id AND stays.gone = 0 AND stays.trashed = 0)

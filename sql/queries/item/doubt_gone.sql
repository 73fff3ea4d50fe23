-- Only what could go: what others own, or a person put back, stays whatever is said of it.
UPDATE item INDEXED BY item_gone
   SET missing = 1
 WHERE (gone = 1 OR trashed = 1)
   AND gone = 1
   AND source = :source
   AND missing = 0
   AND owned = 1
   AND EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id AND kept = 0)

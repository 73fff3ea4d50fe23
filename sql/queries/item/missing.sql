SELECT id, remote_id
  FROM item INDEXED BY item_missing
 WHERE missing = 1 AND source = :source AND id > :after
   AND (gone = 0 AND trashed = 0
        OR :may_remove AND owned = 1 AND EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id AND kept = 0))
 ORDER BY id
 LIMIT :most

SELECT id, remote_id
  FROM item INDEXED BY item_missing
 WHERE missing = 1 AND source = :source AND id > :after
 ORDER BY id
 LIMIT :most

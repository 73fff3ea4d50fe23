-- The plus keeps SQLite from the index by source, of which it would have to sort what it finds.
SELECT id, remote_id
  FROM album
 WHERE id > :after AND +source = :source AND stale = 1 AND gone = 0
 ORDER BY id
 LIMIT 1

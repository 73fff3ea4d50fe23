-- The plus keeps SQLite from the index by source, of which it would have to sort what it finds.
SELECT id, remote_id FROM problem WHERE id > :after AND +source = :source AND run = :run ORDER BY id LIMIT :most

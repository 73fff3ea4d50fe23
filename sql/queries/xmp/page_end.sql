SELECT max(id) AS upto FROM (SELECT id FROM file WHERE id > :after ORDER BY id LIMIT :most)

INSERT INTO run (started_at) VALUES (:started_at) RETURNING id

INSERT INTO export (name, made_at, found_at)
VALUES (:name, :made_at, :found_at)
ON CONFLICT (name) DO UPDATE SET name = excluded.name
RETURNING id

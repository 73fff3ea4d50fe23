INSERT INTO step (kind, item, from_path, to_path) VALUES (:kind, :item, :from_path, :to_path)
ON CONFLICT (item, kind) DO UPDATE SET from_path = excluded.from_path, to_path = excluded.to_path

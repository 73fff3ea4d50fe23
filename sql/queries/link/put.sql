INSERT INTO link (path, target) VALUES (:path, :target)
ON CONFLICT (path) DO UPDATE SET target = excluded.target

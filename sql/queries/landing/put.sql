INSERT INTO landing (item, path, sha256, trash_path) VALUES (:item, :path, :sha256, :trash_path)
ON CONFLICT (item) DO UPDATE SET path = excluded.path, sha256 = excluded.sha256, trash_path = excluded.trash_path

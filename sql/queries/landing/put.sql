INSERT INTO landing (item, sha256) VALUES (:item, :sha256)
ON CONFLICT (item) DO UPDATE SET sha256 = excluded.sha256

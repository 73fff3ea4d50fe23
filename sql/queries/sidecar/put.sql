INSERT INTO sidecar (name, size_bytes, crc32, json)
VALUES (:name, :size_bytes, :crc32, :json)
ON CONFLICT (size_bytes, crc32, name) DO UPDATE SET json = excluded.json
RETURNING id

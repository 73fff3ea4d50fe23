INSERT OR IGNORE INTO sidecar (name, size_bytes, crc32, json) VALUES (:name, :size_bytes, :crc32, :json)

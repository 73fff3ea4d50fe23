SELECT id FROM sidecar WHERE size_bytes = :size_bytes AND crc32 = :crc32 AND name = :name

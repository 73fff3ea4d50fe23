UPDATE file SET crc32 = :crc32 WHERE id = :file AND crc32 <> :crc32

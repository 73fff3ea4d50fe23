UPDATE adopted SET item = :item, crc32 = :crc32, picture = :picture WHERE id = :id

INSERT INTO entry (part, export, folder, name, size_bytes, crc32, at, packed_bytes, packing)
VALUES (:part, :export, :folder, :name, :size_bytes, :crc32, :at, :packed_bytes, :packing)

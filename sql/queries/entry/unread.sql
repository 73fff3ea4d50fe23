-- The JSON files of a part that were not read, and of which nothing equal was.
SELECT id, folder, name, size_bytes, crc32, at, packed_bytes, packing
  FROM entry
 WHERE part = :part AND at > :after AND sidecar IS NULL AND name LIKE '%.json'
 ORDER BY at
 LIMIT :most

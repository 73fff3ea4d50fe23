-- Where an item's bytes lay, those that were seen last first.
SELECT id, root, folder, name, size_bytes, mtime_ns, crc32, picture
  FROM adopted
 WHERE item = :item AND to_name IS NULL AND crc32 IS NOT NULL
 ORDER BY run DESC, root, folder, name

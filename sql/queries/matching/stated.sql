-- Files with the length and the CRC-32 that are stated of an item, and with its name. The
-- name on the disk may have another suffix than the item's title.
SELECT file.id
  FROM file
 WHERE file.size_bytes = :size_bytes AND file.crc32 = :crc32
   AND EXISTS (
       SELECT 1
         FROM holding
         JOIN item ON item.id = holding.item
        WHERE holding.file = file.id AND (item.title = :title OR item.title = :name))
 ORDER BY file.id
 LIMIT 1

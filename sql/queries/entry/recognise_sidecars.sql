UPDATE entry
   SET sidecar = (
       SELECT sidecar.id
         FROM sidecar
        WHERE sidecar.size_bytes = entry.size_bytes AND sidecar.crc32 = entry.crc32 AND sidecar.name = entry.name)
 WHERE part = :part AND sidecar IS NULL AND crc32 IS NOT NULL AND name LIKE '%.json'

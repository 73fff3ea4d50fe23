-- Another entry of the export with those bytes and that name, whose item is known by a sidecar.
SELECT entry.item
  FROM entry
  JOIN provenance ON provenance.item = entry.item
 WHERE entry.size_bytes = :size_bytes AND entry.crc32 = :crc32 AND entry.name = :name
   AND entry.export = :export AND provenance.sidecar IS NOT NULL
 ORDER BY entry.id
 LIMIT 1

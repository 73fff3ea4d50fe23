-- Where an item's bytes are to be had, as in step/packed: a disk is nearer than Drive.
SELECT entry.id, entry.folder, entry.name, entry.size_bytes, entry.crc32, entry.at, entry.packed_bytes, entry.packing,
       export_part.id AS part, export_part.export, export_part.series, export_part.number, export_part.name AS part_name,
       export_part.place, export_part.address, export_part.format, export_part.size_bytes AS part_bytes,
       export_part.revision, export_part.state
  FROM entry
  JOIN export_part ON export_part.id = entry.part
 WHERE entry.item = :item AND entry.broken = 0 AND export_part.gone = 0
 ORDER BY export_part.place, entry.part, entry.at
 LIMIT 1

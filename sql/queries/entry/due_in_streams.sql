-- What is to be fetched from parts that are read once.
SELECT entry.id, entry.folder, entry.name, entry.size_bytes, entry.crc32, entry.at, entry.packed_bytes, entry.packing,
       export_part.id AS part, export_part.export, export_part.series, export_part.number, export_part.name AS part_name,
       export_part.place, export_part.address, export_part.format, export_part.size_bytes AS part_bytes,
       export_part.revision, export_part.state
  FROM item INDEXED BY item_due
 CROSS JOIN entry ON entry.item = item.id
 CROSS JOIN export_part ON export_part.id = entry.part
 WHERE item.due = 1 AND item.source = 'takeout' AND entry.packing = 'stream' AND export_part.gone = 0
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)

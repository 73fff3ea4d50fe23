SELECT entry.id, entry.part, entry.name, entry.size_bytes, entry.crc32, entry.sidecar, entry.item
  FROM entry
  JOIN export_part ON export_part.id = entry.part
 WHERE entry.export = :export AND entry.folder = :folder AND export_part.state <> 'double'
 ORDER BY entry.name, entry.id

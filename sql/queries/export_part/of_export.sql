SELECT id, export, series, number, name, place, address, format, size_bytes, revision, state
  FROM export_part
 WHERE export = :export AND gone = 0
 ORDER BY series, number, id

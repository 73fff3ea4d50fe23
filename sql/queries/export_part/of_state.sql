SELECT id, export, series, number, name, place, address, format, size_bytes, revision, state
  FROM export_part
 WHERE state = :state AND gone = 0
 ORDER BY export, series, number, id

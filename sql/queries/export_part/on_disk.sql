SELECT id, export, series, number, name, place, address, format, size_bytes, revision, state
  FROM export_part
 WHERE place = 'disk'

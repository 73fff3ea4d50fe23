-- Of an export. A part that is there no more is not missed where it was read.
SELECT id, export, series, number, name, place, address, format, size_bytes, revision, state
  FROM export_part
 WHERE export = :export AND (gone = 0 OR state = 'read')
 ORDER BY series, number, id

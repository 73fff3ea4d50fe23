-- Fetches in the order in which their bytes lie in the parts of exports. What lies in several is
-- fetched from a disk, if it lies on one, and else from the first of them. Of several items of
-- the same bytes the first by its id is fetched, and the others when its bytes have a place.
SELECT step.id, step.item, step.from_path, step.to_path, step.lifted, entry.part, entry.at
  FROM entry INDEXED BY entry_by_part
 CROSS JOIN step ON step.item = entry.item AND step.kind = 'fetch'
 CROSS JOIN export_part ON export_part.id = entry.part
 WHERE (entry.part, entry.at) > (:part, :at) AND entry.broken = 0 AND export_part.gone = 0
   AND NOT EXISTS (
       SELECT 1
         FROM entry AS earlier
         JOIN export_part AS its ON its.id = earlier.part
        WHERE earlier.item = entry.item AND earlier.broken = 0 AND its.gone = 0
          AND (its.place, earlier.part, earlier.at) < (export_part.place, entry.part, entry.at))
   AND NOT EXISTS (
       SELECT 1
         FROM entry AS twin
         JOIN export_part AS its ON its.id = twin.part
         JOIN step AS fetch ON fetch.item = twin.item AND fetch.kind = 'fetch'
         JOIN item AS other ON other.id = twin.item
         JOIN item ON item.id = entry.item
        WHERE twin.size_bytes = entry.size_bytes AND twin.crc32 = entry.crc32 AND twin.item <> entry.item
          AND twin.broken = 0 AND its.gone = 0 AND other.remote_id < item.remote_id
          AND NOT EXISTS (SELECT 1 FROM file WHERE file.size_bytes = entry.size_bytes AND file.crc32 = entry.crc32))
 ORDER BY entry.part, entry.at
 LIMIT :most

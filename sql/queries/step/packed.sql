-- Fetches in the order in which their bytes lie in the parts of exports. What lies in several
-- is fetched from the first of them.
SELECT step.id, step.item, step.from_path, step.to_path, step.lifted, entry.part, entry.at
  FROM entry INDEXED BY entry_by_part
 CROSS JOIN step ON step.item = entry.item AND step.kind = 'fetch'
 CROSS JOIN export_part ON export_part.id = entry.part
 WHERE (entry.part, entry.at) > (:part, :at) AND export_part.gone = 0
   AND NOT EXISTS (
       SELECT 1
         FROM entry AS earlier
         JOIN export_part AS its ON its.id = earlier.part
        WHERE earlier.item = entry.item AND its.gone = 0 AND (earlier.part, earlier.at) < (entry.part, entry.at))
 ORDER BY entry.part, entry.at
 LIMIT :most

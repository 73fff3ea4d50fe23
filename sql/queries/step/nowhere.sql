-- Fetches of what lay in exports of which no part is there any more that has it.
SELECT step.id, step.item, step.from_path, step.to_path, step.lifted
  FROM step
  JOIN item ON item.id = step.item
 WHERE step.kind = 'fetch' AND step.id > :after AND item.source = 'takeout'
   AND NOT EXISTS (
       SELECT 1
         FROM entry
         JOIN export_part ON export_part.id = entry.part
        WHERE entry.item = item.id AND export_part.gone = 0)
 ORDER BY step.id
 LIMIT :most

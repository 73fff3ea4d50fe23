-- What was picked waits for a person to pick it again: until then nothing is to be fetched. What
-- is wrong with a part of an export stays as long as the part is there; that a part is missing, as
-- long as any of the export is; what could not be read of a folder that is taken over, until the
-- next run.
DELETE FROM problem
 WHERE NOT EXISTS (
    SELECT 1
      FROM item
     WHERE item.source = problem.source AND item.remote_id = problem.remote_id
       AND (item.due = 1
            OR item.source = 'picker' AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)))
   AND NOT (problem.source = 'takeout' AND EXISTS (
    SELECT 1
      FROM export_part
      JOIN export ON export.id = export_part.export
     WHERE export_part.gone = 0
       AND (substr(problem.remote_id, 1, length(export_part.name)) = export_part.name
            OR (substr(problem.remote_id, 1, length(export.name)) = export.name
                AND instr(problem.remote_id, '/') = 0 AND instr(problem.remote_id, ' unread') = 0))))
   AND NOT (problem.source = 'adopted' AND problem.run = :run)
RETURNING path, reason

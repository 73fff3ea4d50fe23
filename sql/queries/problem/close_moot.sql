-- What was picked waits for a person to pick it again: until then nothing is to be fetched.
DELETE FROM problem
 WHERE NOT EXISTS (
    SELECT 1
      FROM item
     WHERE item.source = problem.source AND item.remote_id = problem.remote_id
       AND (item.due = 1
            OR item.source = 'picker' AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)))
RETURNING path, reason

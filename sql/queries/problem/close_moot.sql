DELETE FROM problem
 WHERE NOT EXISTS (
    SELECT 1
      FROM item
     WHERE item.source = problem.source AND item.remote_id = problem.remote_id AND item.due = 1)
RETURNING path, reason

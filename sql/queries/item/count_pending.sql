SELECT count(*) AS items
  FROM item
 WHERE due = 1 AND source = :source
   AND NOT EXISTS (SELECT 1 FROM problem
                    WHERE problem.source = item.source AND problem.remote_id = item.remote_id)

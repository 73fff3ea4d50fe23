SELECT count(*) AS problems
  FROM problem
 WHERE source IN (SELECT value FROM json_each(:sources)) AND run = COALESCE(:run, run)

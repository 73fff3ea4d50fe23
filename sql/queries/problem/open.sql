SELECT path, reason, attempts
  FROM problem
 WHERE source IN (SELECT value FROM json_each(:sources)) AND run = COALESCE(:run, run)
 ORDER BY path, id
 LIMIT :most

-- The oldest first: what a newer one tells goes before what it told.
SELECT id, name, made_at
  FROM export
 WHERE stale = 1
 ORDER BY COALESCE(made_at, found_at), id
 LIMIT 1

-- What is in a database, and whether it is an index of this program, of whatever version.
SELECT count(*) AS objects,
       count(CASE WHEN type = 'table' AND name IN ('archive', 'run', 'item', 'file', 'holding') THEN 1 END) = 5 AS is_ours
  FROM sqlite_schema

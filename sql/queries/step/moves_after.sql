SELECT from_path, to_path
  FROM step
 WHERE kind = 'move' AND from_path > :after
 ORDER BY from_path
 LIMIT :most

SELECT from_path, to_path
  FROM step INDEXED BY step_move
 WHERE kind = 'move' AND from_path > :after
 ORDER BY from_path
 LIMIT :most

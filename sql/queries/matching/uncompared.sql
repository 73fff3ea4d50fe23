SELECT id FROM file INDEXED BY file_uncompared WHERE compared = 0 ORDER BY id LIMIT :most

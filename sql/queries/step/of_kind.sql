SELECT id, item, from_path, to_path, lifted FROM step WHERE kind = :kind AND id > :after ORDER BY id LIMIT :most

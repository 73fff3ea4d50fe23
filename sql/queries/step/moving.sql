SELECT id, item, from_path, to_path, lifted FROM step WHERE kind = 'move' AND from_path = :from

SELECT COALESCE(max(at) + 1, 0) AS entries FROM entry WHERE part = :part

UPDATE item SET seen = :seen, missing = 0 WHERE id = :id

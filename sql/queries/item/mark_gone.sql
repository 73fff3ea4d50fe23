UPDATE item SET gone = 1, missing = 0, due = 0 WHERE id = :id

UPDATE item SET gone = 1, due = 0 WHERE id = :id

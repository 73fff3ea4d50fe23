UPDATE item SET gone = 1, due = 0, folder = NULL WHERE id = :id

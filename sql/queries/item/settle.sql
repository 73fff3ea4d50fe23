UPDATE item SET due = 0 WHERE id = :id

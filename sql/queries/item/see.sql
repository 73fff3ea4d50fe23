UPDATE item SET seen = :seen WHERE id = :id

DELETE FROM adopted WHERE id = :id

UPDATE album SET seen = :seen WHERE id = :id

SELECT title FROM album WHERE id = :id

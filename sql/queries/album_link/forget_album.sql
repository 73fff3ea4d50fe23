DELETE FROM album WHERE id = :album

DELETE FROM item WHERE id = :id

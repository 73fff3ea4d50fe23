DELETE FROM person WHERE item = :item

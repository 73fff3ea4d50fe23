DELETE FROM landing WHERE item = :item

DELETE FROM holding WHERE item = :item

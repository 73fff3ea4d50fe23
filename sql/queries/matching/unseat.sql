UPDATE item SET folder = NULL WHERE id = :item

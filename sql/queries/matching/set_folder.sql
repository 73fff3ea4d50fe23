UPDATE item SET folder = :folder WHERE id = :item

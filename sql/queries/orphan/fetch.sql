UPDATE item SET due = 1, folder = nullif(folder, 0) WHERE id = :item

UPDATE item SET form = NULL, export_as = NULL, extension = NULL, due = 0 WHERE id = :id RETURNING folder

UPDATE item SET form = :form, export_as = :export_as, extension = :extension, due = 0 WHERE id = :id RETURNING folder

UPDATE item SET form = :form, export_as = :export_as, extension = :extension, folder = NULL WHERE id = :id

UPDATE item
   SET folder = :folder, form = :form, export_as = :export_as, extension = :extension, why_not = :why_not, due = :due
 WHERE id = :id

-- Of an item that is not gone it is decided anew whether newer bytes are to be fetched.
UPDATE item
   SET form = :form, export_as = :export_as, extension = :extension, due = 0,
       folder = CASE WHEN gone = 1 OR trashed = 1 THEN folder END
 WHERE id = :id
RETURNING folder

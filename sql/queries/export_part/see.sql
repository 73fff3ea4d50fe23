UPDATE export_part SET gone = 0 WHERE id = :id

UPDATE export_part SET gone = :gone WHERE id = :id

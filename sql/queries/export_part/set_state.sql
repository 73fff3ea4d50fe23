UPDATE export_part SET state = :state WHERE id = :id

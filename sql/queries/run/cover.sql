UPDATE run SET covered = :covered, part = :part WHERE id = :id

UPDATE album SET description = :description WHERE id = :id

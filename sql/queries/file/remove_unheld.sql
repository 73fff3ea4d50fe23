DELETE FROM file WHERE id = :file AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.file = :file)

DELETE FROM holding WHERE file = :file

SELECT path FROM file WHERE id = :file

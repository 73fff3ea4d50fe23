UPDATE file SET compared = :compared WHERE id = :file

UPDATE file SET verified_at = :at WHERE id = :file

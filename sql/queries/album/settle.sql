UPDATE album SET stale = 0 WHERE id = :id

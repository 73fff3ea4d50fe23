UPDATE export SET stale = 1 WHERE id = :export

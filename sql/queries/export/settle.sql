UPDATE export SET stale = 0 WHERE id = :export

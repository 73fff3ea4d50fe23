UPDATE album SET stale = 1 WHERE source = :source AND gone = 0

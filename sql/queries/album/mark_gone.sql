UPDATE album SET gone = 1, stale = 0 WHERE id = :id

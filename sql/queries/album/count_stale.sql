SELECT count(*) AS albums FROM album WHERE source = :source AND stale = 1 AND gone = 0

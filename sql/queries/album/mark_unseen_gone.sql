UPDATE album SET gone = 1, stale = 0 WHERE source = :source AND seen < :number AND gone = 0

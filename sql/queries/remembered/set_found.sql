UPDATE item SET missing = 0 WHERE source = :source AND missing = 1

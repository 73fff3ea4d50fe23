UPDATE item SET due = 0 WHERE due = 1 AND source = :source

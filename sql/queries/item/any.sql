SELECT EXISTS (SELECT 1 FROM item WHERE source = :source) AS any

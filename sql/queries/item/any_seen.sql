SELECT EXISTS (SELECT 1 FROM item WHERE source = :source AND seen = :number) AS any_seen

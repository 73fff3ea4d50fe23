SELECT COALESCE(max(seen), 0) AS number FROM album WHERE source = :source

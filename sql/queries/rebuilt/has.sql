SELECT EXISTS (SELECT 1 FROM rebuilt WHERE source = :source) AS has

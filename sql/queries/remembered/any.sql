SELECT EXISTS (SELECT 1 FROM remembered WHERE source = :source) AS any_remembered

SELECT EXISTS (SELECT 1 FROM crawl WHERE source = :source AND listed_at IS NOT NULL) AS listed

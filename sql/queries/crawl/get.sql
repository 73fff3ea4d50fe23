SELECT cursor, page, changes_from, number, incomplete, listed_at FROM crawl WHERE source = :source

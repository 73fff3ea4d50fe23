SELECT count(*) AS albums FROM album WHERE path IS NOT NULL

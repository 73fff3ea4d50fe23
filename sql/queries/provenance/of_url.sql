SELECT item FROM provenance WHERE url = :url ORDER BY item

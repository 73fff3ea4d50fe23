SELECT count(*) AS files FROM remembered WHERE sha256 IS NOT NULL

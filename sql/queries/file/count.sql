SELECT count(*) AS files FROM file

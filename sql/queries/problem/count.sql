SELECT count(*) AS problems FROM problem

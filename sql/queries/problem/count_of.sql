SELECT count(*) AS problems FROM problem WHERE source = :source

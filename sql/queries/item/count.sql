SELECT count(*) AS items FROM item WHERE source = :source AND gone = 0

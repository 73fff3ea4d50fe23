SELECT count(*) AS items FROM item INDEXED BY item_missing WHERE missing = 1 AND source = :source

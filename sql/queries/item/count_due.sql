SELECT count(*) AS items FROM item INDEXED BY item_due WHERE due = 1 AND source = :source

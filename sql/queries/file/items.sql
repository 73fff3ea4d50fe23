SELECT item FROM holding WHERE file = :file ORDER BY item

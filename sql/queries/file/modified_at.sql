SELECT modified_at FROM holding WHERE file = :file ORDER BY item LIMIT 1

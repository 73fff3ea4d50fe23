UPDATE file SET path = :path WHERE id = (SELECT file FROM holding WHERE item = :item)

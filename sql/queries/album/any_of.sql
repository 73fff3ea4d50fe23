SELECT remote_id FROM album WHERE source = :source AND gone = 0 LIMIT 1

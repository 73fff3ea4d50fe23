SELECT id, title FROM album WHERE source = :source AND gone = 0

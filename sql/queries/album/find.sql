SELECT id, remote_id, title, items, cover, gone FROM album WHERE source = :source AND remote_id = :remote_id

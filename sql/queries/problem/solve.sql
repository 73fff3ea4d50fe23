DELETE FROM problem WHERE source = :source AND remote_id = :remote_id

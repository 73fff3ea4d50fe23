DELETE FROM remembered WHERE source = :source AND remote_id = :remote_id

DELETE FROM problem WHERE source = :source AND substr(remote_id, 1, length(:below)) = :below RETURNING path, reason

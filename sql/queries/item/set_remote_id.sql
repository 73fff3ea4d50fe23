UPDATE item SET remote_id = :remote_id, folder = NULL WHERE id = :id

SELECT title, parent FROM item WHERE source = :source AND remote_id = :remote_id AND kind = 'folder'

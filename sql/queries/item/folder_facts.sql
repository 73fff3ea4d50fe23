SELECT id, owned FROM item WHERE source = :source AND remote_id = :remote_id AND kind = 'folder' AND gone = 0

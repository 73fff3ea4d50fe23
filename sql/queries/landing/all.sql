SELECT item, path, sha256, trash_path FROM landing ORDER BY item

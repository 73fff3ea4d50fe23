SELECT remote_id, title
  FROM item
 WHERE source = :source AND parent = :parent AND kind = 'folder' AND gone = 0 AND trashed = 0

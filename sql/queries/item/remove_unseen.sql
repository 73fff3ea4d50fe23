-- What was removed from the archive stays known for as long as the archive is.
DELETE FROM item
 WHERE source = :source
   AND seen < :number
   AND kind <> 'folder'
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
   AND NOT EXISTS (SELECT 1 FROM trash_holding WHERE trash_holding.item = item.id)
RETURNING folder

DELETE FROM item
 WHERE source = :source
   AND seen < :number
   AND kind <> 'folder'
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
RETURNING folder

UPDATE item
   SET missing = 1
 WHERE source = :source
   AND seen < :number
   AND gone = 0
   AND missing = 0
   AND EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)

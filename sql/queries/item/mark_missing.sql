-- What is in Google's trash needs no asking: that it was put there is said in so many words.
UPDATE item
   SET missing = 1
 WHERE source = :source
   AND seen < :number
   AND gone = 0 AND trashed = 0 AND missing = 0
   AND EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)

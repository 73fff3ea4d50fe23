-- Also what was gone or in Google's trash before: that may be long ago, and what has come back
-- since, a listing may leave out like all else.
UPDATE item
   SET missing = 1
 WHERE source = :source
   AND seen < :number
   AND missing = 0
   AND EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)

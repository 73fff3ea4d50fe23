-- What hangs on another item, as a motion photo's clip does, is a part of that.
SELECT count(*) AS items
  FROM item
 WHERE source = :source AND kind = 'file' AND parent IS NULL AND gone = 0 AND trashed = 0

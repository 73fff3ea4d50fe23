-- What was gone is there again with what it is derived from, and is seated anew.
UPDATE item
   SET seen = :number, missing = 0, gone = 0, folder = iif(gone = 1, NULL, folder)
 WHERE source = :source
   AND parent IN (SELECT remote_id FROM item AS whole WHERE whole.source = :source AND whole.seen = :number)

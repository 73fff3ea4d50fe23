UPDATE item
   SET seen = :number, missing = 0
 WHERE source = :source
   AND parent IN (SELECT remote_id FROM item AS whole WHERE whole.source = :source AND whole.seen = :number)

-- Items that are there, and that something remembered is derived from: no listing has that.
SELECT whole.id AS row
  FROM remembered
  JOIN item AS whole ON whole.source = remembered.source AND whole.remote_id = remembered.parent
 WHERE remembered.source = :source AND whole.kind = 'file' AND whole.gone = 0 AND whole.missing = 0
   AND NOT EXISTS (
       SELECT 1 FROM item WHERE item.source = remembered.source AND item.remote_id = remembered.remote_id)

UPDATE export_part
   SET gone = 1
 WHERE place = 'drive' AND gone = 0
   AND NOT EXISTS (
       SELECT 1
         FROM item
        WHERE item.source = 'drive' AND item.remote_id = export_part.address
          AND item.gone = 0 AND item.trashed = 0)

-- The places in a folder whose items no longer hang there.
DELETE FROM place
 WHERE folder = :folder
   AND NOT EXISTS (
       SELECT 1
         FROM item
        WHERE item.id = place.item AND item.form IS NOT NULL
          AND CASE place.ordinal
              WHEN 0 THEN item.folder = :folder
              ELSE EXISTS (
                  SELECT 1
                    FROM extra_parent
                   WHERE extra_parent.item = place.item AND extra_parent.ordinal = place.ordinal
                     AND extra_parent.folder = :folder)
              END)

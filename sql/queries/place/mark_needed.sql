-- A folder is made if something below it is kept.
WITH RECURSIVE needed (id) AS (
    SELECT folder FROM item WHERE folder > 0 AND form IS NOT NULL AND form <> 'folder'
    UNION
    SELECT extra_parent.folder
      FROM extra_parent
      JOIN item ON item.id = extra_parent.item
     WHERE extra_parent.folder > 0 AND item.form IS NOT NULL
    UNION
    SELECT item.folder FROM needed JOIN item ON item.id = needed.id WHERE item.folder > 0)
UPDATE item
   SET form = CASE WHEN id IN (SELECT id FROM needed) THEN 'folder' END
 WHERE kind = 'folder' AND (form IS NOT NULL) <> (id IN (SELECT id FROM needed))
RETURNING folder

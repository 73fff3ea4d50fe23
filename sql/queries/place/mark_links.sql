-- A shortcut is kept if it points to a file that is kept.
UPDATE item
   SET form = CASE WHEN form IS NULL THEN 'link' END
 WHERE kind = 'shortcut'
   AND (form IS NOT NULL) <> (gone = 0 AND trashed = 0 AND EXISTS (
       SELECT 1
         FROM item AS target
        WHERE target.source = item.source AND target.remote_id = item.target
          AND target.form IN ('bytes', 'export', 'pointer')))
RETURNING folder

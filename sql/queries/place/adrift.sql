-- A folder that no area's top leads to: folders that form a circle.
WITH RECURSIVE reached (id) AS (
    SELECT id FROM item WHERE folder < 0 AND form = 'folder'
    UNION
    SELECT item.id FROM reached JOIN item ON item.folder = reached.id AND item.form = 'folder')
SELECT id
  FROM item
 WHERE kind = 'folder' AND form = 'folder' AND id NOT IN (SELECT id FROM reached)
 ORDER BY created_at, remote_id
 LIMIT 1

-- All that is below the folders of which it has to be decided anew where they hang.
WITH RECURSIVE below (remote_id) AS (
    SELECT remote_id FROM item INDEXED BY item_unseated WHERE folder IS NULL AND source = :source AND kind = 'folder'
    UNION
    SELECT item.remote_id
      FROM below
      JOIN item ON item.source = :source AND item.parent = below.remote_id AND item.kind = 'folder')
UPDATE item
   SET folder = NULL
 WHERE source = :source AND parent IN below AND folder IS NOT NULL

-- Each stale folder with its depth: an area's top is 0. The bound is for folders
-- that form a circle; nothing is placed below those that are not needed.
WITH RECURSIVE up (start, id, depth) AS (
    SELECT folder, folder, 0 FROM stale
    UNION ALL
    SELECT up.start, item.folder, up.depth + 1
      FROM up
      JOIN item ON item.id = up.id
     WHERE up.id > 0 AND item.folder IS NOT NULL AND up.depth < 1000)
SELECT start, max(depth) AS depth FROM up GROUP BY start

-- CROSS: in the order of their rows. By way of an index of item each would be looked
-- for in another page. Folder 0: the bytes are in another item's file.
SELECT item.source,
       count(*) AS items,
       COALESCE(sum(item.folder = 0), 0) AS elsewhere,
       COALESCE(sum(file.size_bytes) FILTER (WHERE item.folder IS NOT 0), 0) AS bytes
  FROM holding
 CROSS JOIN item ON item.id = holding.item
 CROSS JOIN file ON file.id = holding.file
 GROUP BY item.source

-- CROSS: in the order of their rows. By way of an index of item each would be looked
-- for in another page.
SELECT count(*) AS files, COALESCE(sum(file.size_bytes), 0) AS bytes,
       COALESCE(sum(item.gone = 1 OR item.trashed = 1), 0) AS gone
  FROM holding
 CROSS JOIN item ON item.id = holding.item
 CROSS JOIN file ON file.id = holding.file
 WHERE item.source = :source

-- By the item in whose place it lies.
SELECT holding.modified_at
  FROM holding
  JOIN item ON item.id = holding.item
 WHERE holding.file = :file
 ORDER BY item.folder = 0, holding.item
 LIMIT 1

-- By the item in whose place it lies, if there is one just now.
SELECT holding.modified_at
  FROM holding
  JOIN item ON item.id = holding.item
 WHERE holding.file = :file
 ORDER BY item.folder IS 0, item.folder IS NULL, holding.item
 LIMIT 1

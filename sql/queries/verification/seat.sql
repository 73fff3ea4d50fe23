-- As in file/is_to_be_had, and the bytes lie in the item's own place.
SELECT min(item.id) AS item
  FROM holding
  JOIN item ON item.id = holding.item
 WHERE holding.file = :file AND item.gone = 0 AND item.trashed = 0
   AND item.why_not IS NULL AND item.form IN ('bytes', 'export', 'pointer') AND item.folder <> 0

SELECT count(*) AS files, COALESCE(sum(file.size_bytes), 0) AS bytes,
       COALESCE(sum(item.gone = 1 OR item.trashed = 1), 0) AS gone
  FROM holding
  JOIN item ON item.id = holding.item
  JOIN file ON file.id = holding.file
 WHERE item.source = :source

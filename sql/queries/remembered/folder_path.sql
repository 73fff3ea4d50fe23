SELECT remembered.path
  FROM item
  JOIN remembered ON remembered.source = item.source AND remembered.remote_id = item.remote_id
 WHERE item.id = :item AND remembered.sha256 IS NULL

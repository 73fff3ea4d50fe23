SELECT item.*, holding.revision AS held
  FROM item
  LEFT JOIN holding ON holding.item = item.id
 WHERE source = :source AND remote_id = :remote_id

SELECT count(*) AS steps, COALESCE(sum(item.size_bytes), 0) AS bytes
  FROM step
  JOIN item ON item.id = step.item
 WHERE step.kind = :kind

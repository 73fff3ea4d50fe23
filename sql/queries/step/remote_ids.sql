SELECT item.remote_id
  FROM step
  JOIN item ON item.id = step.item
 WHERE step.kind = :kind AND step.id BETWEEN :first AND :last AND item.source = :source
 ORDER BY step.id

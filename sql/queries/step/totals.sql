-- The bytes as Google states them, which may be more than any number of bytes there is: `sum`
-- would fail then.
SELECT count(*) AS steps, CAST(total(item.size_bytes) AS INTEGER) AS bytes
  FROM step
  JOIN item ON item.id = step.item
 WHERE step.kind = :kind

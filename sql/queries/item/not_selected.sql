SELECT why_not, count(*) AS items
  FROM item
 WHERE source = :source AND kind IN ('file', 'native') AND why_not IS NOT NULL AND gone = 0
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
 GROUP BY why_not

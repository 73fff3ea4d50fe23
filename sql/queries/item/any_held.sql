-- CROSS keeps SQLite from beginning with the items, of which it would have to sort what it finds.
SELECT item.id
  FROM holding
 CROSS JOIN item ON item.id = holding.item
 WHERE item.source = :source AND item.form = 'bytes'
   AND item.due = 0 AND item.gone = 0 AND item.missing = 0
 ORDER BY holding.item DESC
 LIMIT 1

-- CROSS: from the few that are gone.
SELECT count(DISTINCT holding.file) AS files
  FROM item
 CROSS JOIN holding ON holding.item = item.id
 WHERE (item.gone = 1 OR item.trashed = 1)
   AND NOT EXISTS (SELECT 1
                     FROM holding AS other
                     JOIN item AS alive ON alive.id = other.item
                    WHERE other.file = holding.file AND alive.gone = 0 AND alive.trashed = 0)

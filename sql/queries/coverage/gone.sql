-- CROSS: from the few that are gone. An export never says that of anything: what was in the trash
-- then was asked for.
SELECT count(DISTINCT holding.file) AS files
  FROM item
 CROSS JOIN holding ON holding.item = item.id
 WHERE (item.gone = 1 OR item.trashed = 1) AND item.source <> 'takeout'
   AND NOT EXISTS (SELECT 1
                     FROM holding AS other
                     JOIN item AS alive ON alive.id = other.item
                    WHERE other.file = holding.file AND alive.gone = 0 AND alive.trashed = 0)

-- What another item keeps leaves the trees with none of them.
WITH leaving AS MATERIALIZED (
    SELECT item.id
      FROM item INDEXED BY item_gone
     WHERE (item.gone = 1 OR item.trashed = 1) AND (:also_missing OR item.missing = 0)
       AND item.owned = 1 AND item.source IN (SELECT value FROM json_each(:sources))
     UNION ALL
    SELECT item.id
      FROM item INDEXED BY item_missing
     WHERE :also_missing AND item.missing = 1 AND item.gone = 0 AND item.trashed = 0
       AND item.owned = 1 AND item.source IN (SELECT value FROM json_each(:sources))
)
SELECT count(DISTINCT holding.file) AS files
  FROM leaving
 CROSS JOIN holding ON holding.item = leaving.id
 WHERE NOT EXISTS (SELECT 1
                     FROM holding AS other
                    WHERE other.file = holding.file
                      AND (other.kept = 1 OR other.item NOT IN (SELECT id FROM leaving)))

-- What another item keeps leaves the trees with none of them.
SELECT count(DISTINCT holding.file) AS files
  FROM item INDEXED BY item_gone
 CROSS JOIN holding ON holding.item = item.id
 WHERE (item.gone = 1 OR item.trashed = 1) AND item.owned = 1 AND holding.kept = 0 AND item.source = :source
   AND NOT EXISTS (SELECT 1
                     FROM holding AS other
                     JOIN item AS keeper ON keeper.id = other.item
                    WHERE other.file = holding.file
                      AND (keeper.gone = 0 AND keeper.trashed = 0 OR keeper.owned = 0 OR other.kept = 1))

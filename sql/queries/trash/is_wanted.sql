-- Whether the archive holds nothing of some item whose bytes these are.
SELECT EXISTS (
    SELECT 1
      FROM trash_holding
     WHERE trash = :trash
       AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = trash_holding.item)) AS is_wanted

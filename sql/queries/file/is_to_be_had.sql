-- As in want_again.
SELECT EXISTS (
           SELECT 1
             FROM holding
             JOIN item ON item.id = holding.item
            WHERE holding.file = :file AND item.gone = 0 AND item.trashed = 0
              AND item.why_not IS NULL AND item.form IN ('bytes', 'export', 'pointer')
       ) AS is_to_be_had

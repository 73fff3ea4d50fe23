-- Whether an item holds the file that is not to be removed.
SELECT EXISTS (
    SELECT 1
      FROM holding
     WHERE holding.file = :file
       AND NOT EXISTS (SELECT 1 FROM step WHERE step.item = holding.item AND step.kind = 'remove')) AS is_held

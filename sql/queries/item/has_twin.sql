SELECT EXISTS (
    SELECT 1
      FROM item AS other
      JOIN item ON item.id = :id
     WHERE other.folder = item.folder AND other.title = item.title AND other.id <> item.id
       AND other.modified_at IS item.modified_at) AS has_twin

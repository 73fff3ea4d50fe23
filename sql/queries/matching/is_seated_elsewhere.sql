-- Whether the bytes of an item lie in another item's place.
SELECT EXISTS (
    SELECT 1
      FROM holding
      JOIN holding AS other ON other.file = holding.file AND other.item <> holding.item
      JOIN item ON item.id = other.item
     WHERE holding.item = :item AND (item.source = 'drive' OR item.folder <> 0)) AS is_elsewhere

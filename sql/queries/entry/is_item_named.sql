SELECT EXISTS (SELECT 1 FROM entry WHERE item = :item AND id <> :except) AS is_named

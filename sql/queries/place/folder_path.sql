SELECT path FROM place WHERE item = :item AND ordinal = 0

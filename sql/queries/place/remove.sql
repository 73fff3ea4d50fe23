DELETE FROM place WHERE item = :item AND ordinal = :ordinal

UPDATE extra_parent SET folder = :folder WHERE item = :item AND ordinal = :ordinal

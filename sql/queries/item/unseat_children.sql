UPDATE item SET folder = NULL WHERE source = :source AND parent = :parent AND folder IS NOT NULL

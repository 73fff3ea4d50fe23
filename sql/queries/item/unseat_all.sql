UPDATE item SET folder = NULL WHERE source = :source AND folder IS NOT NULL

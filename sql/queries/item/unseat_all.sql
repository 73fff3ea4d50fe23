UPDATE item SET folder = NULL WHERE folder IS NOT NULL

INSERT OR IGNORE INTO export (name, made_at, found_at) VALUES (:name, :made_at, :found_at)

INSERT OR IGNORE INTO rebuilt (source) VALUES (:source)

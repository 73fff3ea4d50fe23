INSERT OR IGNORE INTO person (item, name) VALUES (:item, :name)

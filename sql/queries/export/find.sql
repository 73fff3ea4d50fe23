SELECT id FROM export WHERE name = :name

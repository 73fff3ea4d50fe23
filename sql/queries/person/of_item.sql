SELECT name FROM person WHERE item = :item ORDER BY name

INSERT INTO extra_parent (item, ordinal, parent) VALUES (:item, :ordinal, :parent)

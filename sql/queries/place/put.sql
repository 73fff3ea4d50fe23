INSERT INTO place (item, ordinal, folder, wanted, name, path)
VALUES (:item, :ordinal, :folder, :wanted, :name, :path)

UPDATE album SET wanted = :wanted, path = :path WHERE id = :album

DELETE FROM link WHERE path = :path

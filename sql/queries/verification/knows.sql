SELECT EXISTS (SELECT 1 FROM file WHERE path = :path)
    OR EXISTS (SELECT 1 FROM link WHERE path = :path)
    OR EXISTS (SELECT 1 FROM album_link WHERE path = :path) AS known

SELECT EXISTS (SELECT 1 FROM file WHERE path = :path)
    OR EXISTS (SELECT 1 FROM link WHERE path = :path)
    OR EXISTS (SELECT 1 FROM album_link WHERE path = :path)
    OR EXISTS (SELECT 1 FROM xmp WHERE path = :path AND sha256 IS NOT NULL) AS known

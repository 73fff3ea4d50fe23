-- Whether the archive made a folder for an album.
SELECT EXISTS (SELECT 1 FROM album WHERE path = :path) AS is_made

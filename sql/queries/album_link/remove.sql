DELETE FROM album_link WHERE path = :path

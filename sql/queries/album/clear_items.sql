DELETE FROM album_item WHERE album = :album

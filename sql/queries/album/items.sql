SELECT DISTINCT item FROM album_item WHERE album = :album

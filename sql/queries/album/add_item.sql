INSERT INTO album_item (album, position, item) VALUES (:album, :position, :item)

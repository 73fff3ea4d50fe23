SELECT title
  FROM album
 WHERE album.gone = 0 AND album.path IS NULL
   AND EXISTS (SELECT 1 FROM album_item JOIN item ON item.id = album_item.item
                WHERE album_item.album = album.id AND item.due = 1)
   AND NOT EXISTS (SELECT 1 FROM album_item JOIN holding ON holding.item = album_item.item
                    WHERE album_item.album = album.id)

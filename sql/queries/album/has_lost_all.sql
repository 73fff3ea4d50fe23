SELECT items > 0 AND EXISTS (SELECT 1 FROM album_item WHERE album_item.album = album.id) AS has_lost_all
  FROM album
 WHERE id = :id

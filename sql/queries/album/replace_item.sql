UPDATE album_item
   SET item = :known
 WHERE item = :before
   AND NOT EXISTS (SELECT 1 FROM album_item AS other WHERE other.album = album_item.album AND other.item = :known)

-- Whether a file is in both albums.
SELECT EXISTS (
    SELECT 1
      FROM album_item
      JOIN holding ON holding.item = album_item.item
      JOIN holding AS other ON other.file = holding.file
      JOIN album_item AS others ON others.item = other.item
     WHERE album_item.album = :album AND others.album = :other) AS shares

-- The titles of the albums that an item is in; a clip is where its still is.
SELECT album.title
  FROM item
  JOIN item AS whole ON whole.source = item.source AND whole.remote_id = COALESCE(item.parent, item.remote_id)
  JOIN album_item ON album_item.item = whole.id
  JOIN album ON album.id = album_item.album
 WHERE item.id = :item AND album.gone = 0

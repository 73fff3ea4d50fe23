-- A clip is in the albums that its still is in.
SELECT EXISTS (
    SELECT 1
      FROM album_item
     WHERE album_item.item = COALESCE(
               (SELECT still.id
                  FROM item AS clip
                  JOIN item AS still ON still.source = clip.source AND still.remote_id = clip.parent
                 WHERE clip.id = :item),
               :item)
       AND album_item.album IN (SELECT value FROM json_each(:albums))
   ) AS has

-- The items that came into the albums of the list, or left them, since it was decided
-- how they are kept. A clip is in the albums that its still is in.
UPDATE item
   SET folder = NULL
 WHERE source = :source AND folder IS NOT NULL AND gone = 0
   AND (why_not IS 'not_in_album') = (
       COALESCE(
           (SELECT still.id
              FROM item AS still
             WHERE still.source = item.source AND still.remote_id = item.parent),
           id) IN (
       SELECT album_item.item FROM json_each(:albums) AS picked JOIN album_item ON album_item.album = picked.value))

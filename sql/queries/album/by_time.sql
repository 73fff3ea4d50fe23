-- What is in an album and what comes to it, in the order of time.
SELECT id
  FROM item
 WHERE id IN (SELECT item FROM album_item WHERE album = :album UNION SELECT value FROM json_each(:items))
 ORDER BY COALESCE(taken_at, created_at), title, id

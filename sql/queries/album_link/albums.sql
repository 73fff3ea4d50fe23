-- Albums that have a folder, or should: something in them is held, or stands in albums/.
-- Their earliest and latest times are by the same rule as in v_albums.
SELECT album.id, album.source, album.remote_id, album.title, album.gone, album.wanted, album.path,
       max(album_item.position) AS last,
       count(holding.item) AS held,
       min(COALESCE(item.taken_at, file.taken_at, item.created_at)) AS first_at,
       max(COALESCE(item.taken_at, file.taken_at, item.created_at)) AS last_at
  FROM album
  LEFT JOIN album_item ON album_item.album = album.id
  LEFT JOIN item ON item.id = album_item.item
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
 GROUP BY album.id
HAVING held > 0
    OR album.path IS NOT NULL
    OR EXISTS (SELECT 1 FROM album_link WHERE album_link.album = album.id)

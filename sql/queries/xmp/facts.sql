-- What is told of the files of a page, one row for each item that tells of one. Drive tells of
-- files and not of pictures: its stars, say, are no favourites of Photos.
SELECT file.path, item.description, item.latitude, item.longitude, item.favourite,
       CASE WHEN item.taken_from = 'google' THEN item.taken_at END AS taken_at,
       (SELECT json_group_array(person.name) FROM person WHERE person.item = item.id) AS people
  FROM file
  JOIN holding ON holding.file = file.id
  JOIN item ON item.id = holding.item
 WHERE file.id > :after AND file.id <= :upto AND item.source <> 'drive'
 -- Takeout tells what Photos knows whole: it comes first, by the alphabet as well.
 ORDER BY file.id, item.source DESC, item.id

SELECT item.id
  FROM json_each(:items) AS wanted
  JOIN item ON item.id = wanted.value
 ORDER BY item.taken_at, item.title, item.remote_id

-- By the time, then by the path: what the export does not have comes under its title.
SELECT item.id
  FROM json_each(:items) AS wanted
  JOIN item ON item.id = wanted.value
 ORDER BY item.taken_at,
          COALESCE((SELECT min(entry.name)
                      FROM entry
                     WHERE entry.item = item.id AND entry.export = :export AND entry.folder = :folder), item.title),
          item.remote_id

-- Items that are to be fetched, and the files with just the bytes that they state, which
-- so far hold no item of Drive.
SELECT item.id, min(file.id) AS file
  FROM item INDEXED BY item_due
 CROSS JOIN file ON file.size_bytes = item.size_bytes AND file.md5 = item.md5
 WHERE item.due = 1 AND item.source = 'drive' AND item.form = 'bytes'
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
   AND NOT EXISTS (
       SELECT 1
         FROM holding
         JOIN item AS holder ON holder.id = holding.item
        WHERE holding.file = file.id AND holder.source = 'drive')
 GROUP BY item.id

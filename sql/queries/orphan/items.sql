-- Selected, and neither held nor to be fetched.
SELECT id, title
  FROM item
 WHERE id > :after AND form IN ('bytes', 'export', 'pointer') AND why_not IS NULL AND folder IS NOT NULL
   AND gone = 0 AND trashed = 0 AND missing = 0 AND due = 0
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = item.id)
   AND NOT EXISTS (SELECT 1 FROM problem WHERE problem.source = item.source AND problem.remote_id = item.remote_id)
 ORDER BY id
 LIMIT :most

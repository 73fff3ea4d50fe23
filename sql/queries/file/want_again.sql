-- The items that a lost file held are fetched again, as far as there is something to fetch.
-- Those whose bytes were in another's file get a place of their own, if it comes to that.
UPDATE item
   SET due = 1, folder = nullif(folder, 0)
 WHERE gone = 0 AND trashed = 0 AND why_not IS NULL AND form IN ('bytes', 'export', 'pointer')
   AND id IN (SELECT item FROM holding WHERE file = :file)

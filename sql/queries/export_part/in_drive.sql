-- The range is that of the names of parts, by the index of titles.
SELECT remote_id, title, size_bytes, revision
  FROM item INDEXED BY item_by_title
 WHERE title >= 'takeout-' AND title < 'takeout.' AND kind = 'file'
   AND source = 'drive' AND gone = 0 AND trashed = 0 AND owned = 1
 ORDER BY title, remote_id

-- Without the hint SQLite takes item_by_folder, and reads every item for its `due`.
INSERT INTO stale (folder)
SELECT DISTINCT folder FROM item INDEXED BY item_due WHERE due = 1 AND source = :source AND folder IS NOT NULL
ON CONFLICT DO NOTHING

INSERT INTO album (source, remote_id, title, items, cover, seen)
VALUES (:source, :remote_id, :title, :items, :cover, :seen)
ON CONFLICT (source, remote_id) DO UPDATE SET
    title = excluded.title,
    items = excluded.items,
    cover = excluded.cover,
    stale = 1,
    gone  = 0,
    seen  = excluded.seen

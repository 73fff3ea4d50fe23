INSERT INTO crawl (source, cursor, page, changes_from, number, incomplete, listed_at)
VALUES (:source, :cursor, :page, :changes_from, :number, :incomplete, :listed_at)
ON CONFLICT (source) DO UPDATE SET
    cursor       = excluded.cursor,
    page         = excluded.page,
    changes_from = excluded.changes_from,
    number       = excluded.number,
    incomplete   = excluded.incomplete,
    listed_at    = excluded.listed_at

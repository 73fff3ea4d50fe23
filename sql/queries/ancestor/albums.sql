-- In the index of gphotos-sync 2.x and 3.x; 1.x has no such column.
SELECT RemoteId, AlbumName FROM Albums WHERE RemoteId > :after ORDER BY RemoteId LIMIT 1

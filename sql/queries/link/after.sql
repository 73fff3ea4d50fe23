SELECT path, target FROM link WHERE path > :after
 UNION ALL
SELECT path, target FROM album_link WHERE mode = 'symlink' AND path > :after
 ORDER BY path
 LIMIT :most

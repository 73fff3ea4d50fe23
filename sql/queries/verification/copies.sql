SELECT count(*) AS files, COALESCE(sum(size_bytes), 0) AS bytes FROM album_link WHERE mode <> 'symlink'

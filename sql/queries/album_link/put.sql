INSERT INTO album_link (path, album, position, target, mode, size_bytes, mtime_ns, sha256)
VALUES (:path, :album, :position, :target, :mode, :size_bytes, :mtime_ns, :sha256)
ON CONFLICT (path) DO UPDATE SET
    album      = excluded.album,
    position   = excluded.position,
    target     = excluded.target,
    mode       = excluded.mode,
    size_bytes = excluded.size_bytes,
    mtime_ns   = excluded.mtime_ns,
    sha256     = excluded.sha256

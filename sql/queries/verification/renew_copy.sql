UPDATE album_link SET size_bytes = :size_bytes, mtime_ns = :mtime_ns, verified_at = NULL WHERE path = :path

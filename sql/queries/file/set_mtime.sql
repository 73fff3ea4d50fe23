UPDATE file SET mtime_ns = :mtime_ns WHERE path = :path

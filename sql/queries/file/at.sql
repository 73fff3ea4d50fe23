SELECT id, path, size_bytes, mtime_ns, sha256 FROM file WHERE path = :path

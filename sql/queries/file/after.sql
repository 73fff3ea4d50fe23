SELECT id, path, size_bytes, mtime_ns, sha256 FROM file WHERE id > :after ORDER BY id LIMIT :most

SELECT path, size_bytes, mtime_ns, sha256 FROM xmp WHERE path = :path

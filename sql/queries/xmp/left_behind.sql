-- Those whose pictures are no more where they were.
SELECT path, size_bytes, mtime_ns, sha256
  FROM xmp
 WHERE path > :after AND NOT EXISTS (SELECT 1 FROM file WHERE file.path = substr(xmp.path, 1, length(xmp.path) - 4))
 ORDER BY path
 LIMIT :most

-- Those where a file of the archive is about to be.
SELECT xmp.path, xmp.size_bytes, xmp.mtime_ns, xmp.sha256
  FROM step
  JOIN xmp ON xmp.path = step.to_path
 WHERE step.kind IN ('move', 'fetch')

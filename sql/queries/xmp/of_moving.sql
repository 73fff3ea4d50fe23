-- Those whose pictures are about to be moved.
SELECT xmp.path, xmp.size_bytes, xmp.mtime_ns, xmp.sha256
  FROM step
  JOIN xmp ON xmp.path = step.from_path || '.xmp'
 WHERE step.kind = 'move'

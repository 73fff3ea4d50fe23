SELECT xmp.path, xmp.size_bytes, xmp.mtime_ns, xmp.sha256
  FROM file
  JOIN xmp ON xmp.path = file.path || '.xmp'
 WHERE file.id > :after AND file.id <= :upto

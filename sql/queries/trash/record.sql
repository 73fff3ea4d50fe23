INSERT INTO trash (
    run, at, why, path, trash_path, size_bytes, mtime_ns, md5, sha256, crc32, picture, saved_at,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms)
SELECT
    :run, :at, :why, path, :trash_path, size_bytes, mtime_ns, md5, sha256, crc32, picture, saved_at,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms
  FROM file
 WHERE id = :file
RETURNING id

INSERT INTO file (
    path, size_bytes, mtime_ns, md5, sha256, crc32, picture, saved_at,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms)
VALUES (
    :path, :size_bytes, :mtime_ns, :md5, :sha256, :crc32, :picture, :saved_at,
    :taken_at, :taken_from, :width, :height, :camera, :latitude, :longitude, :duration_ms)

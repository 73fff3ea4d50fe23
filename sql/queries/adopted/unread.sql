SELECT id, folder, name, size_bytes, mtime_ns
  FROM adopted
 WHERE root = :root AND run = :run AND item IS NULL AND to_name IS NULL AND (folder, name) > (:folder, :name)
 ORDER BY folder, name
 LIMIT :most

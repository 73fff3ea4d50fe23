-- The files of a run whose bytes the archive holds, and where.
SELECT adopted.id, adopted.folder, adopted.name, adopted.size_bytes, adopted.mtime_ns, file.path, file.sha256
  FROM adopted
  JOIN holding ON holding.item = adopted.item
  JOIN file ON file.id = holding.file
 WHERE root = :root AND run = :run AND to_name IS NULL AND (folder, name) > (:folder, :name)
 ORDER BY folder, name
 LIMIT :most

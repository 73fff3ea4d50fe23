INSERT INTO adopted (root, folder, name, size_bytes, mtime_ns, to_folder, to_name, run)
VALUES (:root, :folder, :name, :size_bytes, :mtime_ns, :to_folder, :to_name, :run)
ON CONFLICT (root, folder, name) DO UPDATE SET
    item       = CASE WHEN size_bytes = excluded.size_bytes AND mtime_ns = excluded.mtime_ns THEN item END,
    size_bytes = excluded.size_bytes,
    mtime_ns   = excluded.mtime_ns,
    to_folder  = excluded.to_folder,
    to_name    = excluded.to_name,
    run        = excluded.run

-- Folders are for what is in them to hang in, and are not asked for.
INSERT INTO item (
    source, remote_id, kind, title, mime_type, parent, revision, created_at, modified_at,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms, description,
    owned, trashed, favourite, withheld, computer, shared_drive, missing, seen)
SELECT source, remote_id,
       CASE WHEN sha256 IS NULL THEN 'folder' WHEN fidelity IN ('export', 'pointer') THEN 'native' ELSE 'file' END,
       title, mime_type, parent, revision, created_at, modified_at,
       taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms, description,
       owned, 0, favourite, 0,
       parent IS NULL AND sha256 IS NULL AND path LIKE 'drive-computers/%', 0, sha256 IS NOT NULL, 0
  FROM remembered
 WHERE source = :source
   AND NOT EXISTS (
       SELECT 1 FROM item WHERE item.source = remembered.source AND item.remote_id = remembered.remote_id)

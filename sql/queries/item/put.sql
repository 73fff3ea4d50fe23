INSERT INTO item (
    source, remote_id, kind, title, mime_type, parent, target, size_bytes, md5, sha256, revision,
    created_at, modified_at, owned, trashed, favourite, withheld, computer, shared_drive,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms, description, seen)
VALUES (
    :source, :remote_id, :kind, :title, :mime_type, :parent, :target, :size_bytes, :md5, :sha256, :revision,
    :created_at, :modified_at, :owned, :trashed, :favourite, :withheld, :computer, :shared_drive,
    :taken_at, :taken_from, :width, :height, :camera, :latitude, :longitude, :duration_ms, :description, :seen)
ON CONFLICT (source, remote_id) DO UPDATE SET
    kind         = excluded.kind,
    title        = excluded.title,
    mime_type    = excluded.mime_type,
    parent       = excluded.parent,
    target       = excluded.target,
    size_bytes   = excluded.size_bytes,
    md5          = excluded.md5,
    sha256       = excluded.sha256,
    revision     = excluded.revision,
    created_at   = excluded.created_at,
    modified_at  = excluded.modified_at,
    owned        = excluded.owned,
    trashed      = excluded.trashed,
    favourite    = excluded.favourite,
    withheld     = excluded.withheld,
    computer     = excluded.computer,
    shared_drive = excluded.shared_drive,
    gone         = 0,
    taken_at     = excluded.taken_at,
    taken_from   = excluded.taken_from,
    width        = excluded.width,
    height       = excluded.height,
    camera       = excluded.camera,
    latitude     = excluded.latitude,
    longitude    = excluded.longitude,
    duration_ms  = excluded.duration_ms,
    description  = excluded.description,
    seen         = excluded.seen,
    folder       = NULL
RETURNING id

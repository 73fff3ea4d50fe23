INSERT OR REPLACE INTO remembered (
    source, remote_id, path, parent, title, mime_type, owned, created_at,
    size_bytes, sha256, revision, modified_at, fidelity, match_rule, kept,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms, description, favourite)
VALUES (
    :source, :remote_id, :path, :parent, :title, :mime_type, :owned, :created_at,
    :size_bytes, :sha256, :revision, :modified_at, :fidelity, :match_rule, :kept,
    :taken_at, :taken_from, :width, :height, :camera, :latitude, :longitude, :duration_ms, :description, :favourite)

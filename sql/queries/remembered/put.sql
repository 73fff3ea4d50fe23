INSERT OR REPLACE INTO remembered (
    source, remote_id, path, parent, title, mime_type, owned, created_at,
    size_bytes, sha256, revision, modified_at, fidelity, match_rule, kept)
VALUES (
    :source, :remote_id, :path, :parent, :title, :mime_type, :owned, :created_at,
    :size_bytes, :sha256, :revision, :modified_at, :fidelity, :match_rule, :kept)

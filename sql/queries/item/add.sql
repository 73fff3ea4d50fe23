INSERT INTO item (
    source, remote_id, kind, title, mime_type, parent, target, size_bytes, md5, sha256, revision,
    created_at, modified_at, owned, trashed, favourite, withheld, computer, shared_drive,
    taken_at, taken_from, width, height, camera, latitude, longitude, duration_ms, description, seen,
    folder, form, export_as, extension, why_not, due)
VALUES (
    :source, :remote_id, :kind, :title, :mime_type, :parent, :target, :size_bytes, :md5, :sha256, :revision,
    :created_at, :modified_at, :owned, :trashed, :favourite, :withheld, :computer, :shared_drive,
    :taken_at, :taken_from, :width, :height, :camera, :latitude, :longitude, :duration_ms, :description, :seen,
    :folder, :form, :export_as, :extension, :why_not, :due)
ON CONFLICT (source, remote_id) DO NOTHING

INSERT INTO export_part (export, series, number, name, place, address, format, size_bytes, revision, state)
VALUES (:export, :series, :number, :name, :place, :address, :format, :size_bytes, :revision, 'new')
ON CONFLICT (place, address) DO UPDATE SET
    export     = excluded.export,
    series     = excluded.series,
    number     = excluded.number,
    name       = excluded.name,
    format     = excluded.format,
    size_bytes = excluded.size_bytes,
    revision   = excluded.revision,
    state      = 'new',
    gone       = 0
RETURNING id

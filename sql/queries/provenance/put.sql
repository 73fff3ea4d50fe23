INSERT INTO provenance (item, export, sidecar, match_rule, url, origin, locked, is_dated)
VALUES (:item, :export, :sidecar, :match_rule, :url, :origin, :locked, :is_dated)
ON CONFLICT (item) DO UPDATE SET
    export     = excluded.export,
    sidecar    = excluded.sidecar,
    match_rule = excluded.match_rule,
    url        = excluded.url,
    origin     = excluded.origin,
    locked     = excluded.locked,
    is_dated   = excluded.is_dated

INSERT INTO problem (source, remote_id, path, reason, attempts, next_try_at, run)
VALUES (:source, :remote_id, :path, :reason, 1, :at + max(60000, :rests), :run)
ON CONFLICT (source, remote_id) DO UPDATE SET
    path        = excluded.path,
    reason      = excluded.reason,
    attempts    = attempts + 1,
    -- One minute, two, four, ... up to a day, or as long as makes no sense: for --watch.
    next_try_at = :at + max(:rests, min(60000 << min(attempts, 11), 86400000)),
    run         = excluded.run
RETURNING attempts

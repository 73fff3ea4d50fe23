UPDATE trash SET purged_at = :at WHERE id = :id

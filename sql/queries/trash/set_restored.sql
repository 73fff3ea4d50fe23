UPDATE trash SET restored_at = :at WHERE id = :id

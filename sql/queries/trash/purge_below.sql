-- '0' is the character after '/'.
UPDATE trash
   SET purged_at = :at
 WHERE trash_path > :folder || '/' AND trash_path < :folder || '0'
   AND restored_at IS NULL AND purged_at IS NULL

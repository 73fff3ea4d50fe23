UPDATE run
   SET finished_at = :finished_at, outcome = :outcome, added = :added, changed = :changed, moved = :moved,
       removed = :removed, failed = :failed, bytes = :bytes, requests = :requests
 WHERE id = :id

DELETE FROM step WHERE kind = :kind

UPDATE entry SET broken = 1 WHERE id = :id

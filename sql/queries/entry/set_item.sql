UPDATE entry SET item = :item WHERE id = :id

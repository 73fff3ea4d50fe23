SELECT sha256 FROM landing WHERE item = :item

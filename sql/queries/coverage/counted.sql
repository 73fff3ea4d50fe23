SELECT items, elsewhere, bytes FROM held WHERE source = :source

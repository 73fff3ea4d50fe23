UPDATE archive SET rebuilding = :rebuilding WHERE id = 1

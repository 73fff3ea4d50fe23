SELECT rebuilding FROM archive WHERE id = 1

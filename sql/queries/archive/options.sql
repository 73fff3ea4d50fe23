SELECT options FROM archive WHERE id = 1

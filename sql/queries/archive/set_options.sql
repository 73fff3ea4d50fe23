UPDATE archive SET options = :options WHERE id = 1

UPDATE archive SET photos_options = :options WHERE id = 1

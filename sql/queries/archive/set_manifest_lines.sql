UPDATE archive SET manifest_lines = :lines WHERE id = 1

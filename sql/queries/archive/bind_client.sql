UPDATE archive SET client_id = :client_id WHERE id = 1

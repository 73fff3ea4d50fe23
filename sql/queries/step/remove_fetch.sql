DELETE FROM step WHERE item = :item AND kind = 'fetch'

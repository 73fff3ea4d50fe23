UPDATE holding SET fidelity = :fidelity, match_rule = :match_rule WHERE item = :item

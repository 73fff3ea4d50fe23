INSERT INTO holding (item, file, revision, modified_at, fidelity, match_rule, kept)
VALUES (:item, :file, :revision, :modified_at, :fidelity, :match_rule, :kept)

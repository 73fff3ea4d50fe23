INSERT INTO holding (item, file, revision, modified_at, fidelity, match_rule)
VALUES (:item, :file, :revision, :modified_at, :fidelity, :match_rule)

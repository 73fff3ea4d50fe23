INSERT INTO trash_holding (trash, item, revision, modified_at, fidelity, match_rule)
SELECT :trash, item, revision, modified_at, fidelity, match_rule FROM holding WHERE file = :file

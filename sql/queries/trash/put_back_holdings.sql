-- Of those items that have come back by themselves, the archive holds the bytes already.
INSERT INTO holding (item, file, revision, modified_at, fidelity, match_rule, kept)
SELECT item, :file, revision, modified_at, fidelity, match_rule, 1
  FROM trash_holding
 WHERE trash = :trash
   AND NOT EXISTS (SELECT 1 FROM holding WHERE holding.item = trash_holding.item)
RETURNING item, revision, fidelity

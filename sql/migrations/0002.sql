-- From version 1 of the index to version 2. The comments of the columns are in schema.sql.
ALTER TABLE file ADD COLUMN verified_at INTEGER;
CREATE INDEX file_by_verification ON file (verified_at, id);
CREATE TABLE spent (
    source   TEXT NOT NULL,
    day      TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;
ALTER TABLE album_link ADD COLUMN verified_at INTEGER;
CREATE INDEX album_link_by_verification ON album_link (verified_at, path) WHERE mode <> 'symlink';
ALTER TABLE run ADD COLUMN covered TEXT;
ALTER TABLE run ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
-- A run that asked nothing of Google was an undo.
UPDATE run SET covered = '["drive","photos"]' WHERE outcome = 'complete' AND requests > 0;

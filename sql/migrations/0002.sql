-- From version 1 of the index to version 2. The comments of the columns are in schema.sql.
ALTER TABLE file ADD COLUMN verified_at INTEGER;
CREATE INDEX file_by_verification ON file (verified_at, id);
CREATE TABLE spent (
    source   TEXT NOT NULL,
    day      TEXT NOT NULL,
    requests INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

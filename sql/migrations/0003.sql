-- From version 2 of the index to version 3. The comments of the columns are in schema.sql.
CREATE TABLE held (
    source    TEXT PRIMARY KEY,
    items     INTEGER NOT NULL,
    elsewhere INTEGER NOT NULL,
    bytes     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

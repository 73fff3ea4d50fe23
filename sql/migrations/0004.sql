-- From version 3 of the index to version 4. The comments of the columns are in schema.sql.
CREATE TABLE export (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,
    made_at  INTEGER,
    found_at INTEGER NOT NULL,
    stale    INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE TABLE export_part (
    id         INTEGER PRIMARY KEY,
    export     INTEGER NOT NULL REFERENCES export (id),
    series     INTEGER NOT NULL,
    number     INTEGER NOT NULL,
    name       TEXT NOT NULL,
    place      TEXT NOT NULL CHECK (place IN ('drive', 'disk')),
    address    TEXT NOT NULL,
    format     TEXT NOT NULL CHECK (format IN ('zip', 'tgz') OR format = 'folder'),
    size_bytes INTEGER NOT NULL,
    revision   TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('new', 'read') OR state IN ('listed', 'double')),
    gone       INTEGER NOT NULL DEFAULT 0,
    UNIQUE (place, address)
) STRICT;
CREATE INDEX export_part_by_number ON export_part (export, series, number);
CREATE TABLE sidecar (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    crc32      INTEGER NOT NULL,
    json       BLOB NOT NULL,
    UNIQUE (size_bytes, crc32, name)
) STRICT;
CREATE TABLE entry (
    id           INTEGER PRIMARY KEY,
    part         INTEGER NOT NULL REFERENCES export_part (id),
    export       INTEGER NOT NULL REFERENCES export (id),
    folder       TEXT NOT NULL,
    name         TEXT NOT NULL,
    size_bytes   INTEGER NOT NULL,
    crc32        INTEGER,
    at           INTEGER NOT NULL,
    packed_bytes INTEGER NOT NULL,
    packing      TEXT NOT NULL CHECK (packing IN ('stored', 'deflated') OR packing = 'stream'),
    sidecar      INTEGER REFERENCES sidecar (id),
    item         INTEGER REFERENCES item (id) ON DELETE SET NULL,
    broken       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entry_by_part ON entry (part, at);
CREATE INDEX entry_by_folder ON entry (export, folder, name);
CREATE INDEX entry_by_bytes ON entry (size_bytes, crc32);
CREATE INDEX entry_by_item ON entry (item);
CREATE TABLE provenance (
    item       INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    export     INTEGER REFERENCES export (id),
    sidecar    INTEGER REFERENCES sidecar (id),
    match_rule TEXT NOT NULL,
    url        TEXT,
    origin     TEXT,
    locked     INTEGER NOT NULL,
    is_dated   INTEGER NOT NULL
) STRICT;
CREATE INDEX provenance_by_url ON provenance (url) WHERE url IS NOT NULL;
CREATE INDEX provenance_undated ON provenance (item) WHERE is_dated = 0;
CREATE INDEX provenance_unmatched ON provenance (item) WHERE match_rule = 'takeout_none';
CREATE TABLE xmp (
    path       TEXT PRIMARY KEY,
    size_bytes INTEGER,
    mtime_ns   INTEGER,
    sha256     BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE adopted (
    id         INTEGER PRIMARY KEY,
    root       TEXT NOT NULL,
    folder     TEXT NOT NULL,
    name       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    mtime_ns   INTEGER NOT NULL,
    to_folder  TEXT,
    to_name    TEXT,
    crc32      INTEGER,
    picture    BLOB,
    item       INTEGER REFERENCES item (id) ON DELETE SET NULL,
    run        INTEGER NOT NULL,
    UNIQUE (root, folder, name)
) STRICT;
CREATE INDEX adopted_by_item ON adopted (item) WHERE item IS NOT NULL;
DROP VIEW v_files;
CREATE VIEW v_files AS
SELECT item.source,
       item.remote_id,
       COALESCE(file.path, removed.path, problem.path) AS path,
       item.title AS name,
       item.mime_type,
       COALESCE(file.size_bytes, removed.size_bytes, item.size_bytes) AS size_bytes,
       nullif(lower(hex(COALESCE(file.md5, removed.md5))), '') AS md5,
       nullif(lower(hex(COALESCE(file.sha256, removed.sha256))), '') AS sha256,
       strftime('%Y-%m-%dT%H:%M:%fZ', item.modified_at / 1000.0, 'unixepoch') AS modified_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', CASE
           WHEN item.source = 'takeout' AND item.taken_at IS NOT NULL THEN item.taken_at
           ELSE COALESCE(file.taken_at, removed.taken_at, item.taken_at)
       END / 1000.0, 'unixepoch') AS taken_at,
       CASE WHEN item.source = 'takeout' AND item.taken_at IS NOT NULL THEN item.taken_from
            WHEN file.taken_at IS NOT NULL THEN file.taken_from
            WHEN removed.taken_at IS NOT NULL THEN removed.taken_from
            ELSE item.taken_from END AS taken_from,
       COALESCE(file.width, removed.width, item.width) AS width,
       COALESCE(file.height, removed.height, item.height) AS height,
       COALESCE(file.camera, removed.camera, item.camera) AS camera,
       CASE WHEN file.longitude IS NOT NULL THEN file.latitude
            WHEN removed.longitude IS NOT NULL THEN removed.latitude
            ELSE item.latitude END AS latitude,
       COALESCE(file.longitude, removed.longitude, item.longitude) AS longitude,
       item.description,
       item.favourite,
       item.archived,
       item.trashed,
       COALESCE(holding.fidelity, was.fidelity) AS fidelity,
       COALESCE(provenance.match_rule, holding.match_rule, was.match_rule) AS match_rule,
       provenance.url,
       provenance.origin,
       CASE
           WHEN file.id IS NOT NULL AND (item.gone = 1 OR item.trashed = 1 AND item.source <> 'takeout') THEN 'gone'
           WHEN file.id IS NOT NULL THEN 'saved'
           WHEN removed.id IS NOT NULL THEN 'removed'
           WHEN item.form IS NULL THEN 'not_selected'
           WHEN problem.id IS NOT NULL THEN 'failed'
           ELSE 'pending'
       END AS state
  FROM item
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
  LEFT JOIN trash AS removed ON holding.item IS NULL AND (item.gone = 1 OR item.trashed = 1) AND removed.id = (
       SELECT max(trash.id)
         FROM trash_holding
         JOIN trash ON trash.id = trash_holding.trash
        WHERE trash_holding.item = item.id AND trash.why = 'removed' AND trash.restored_at IS NULL)
  LEFT JOIN trash_holding AS was ON was.trash = removed.id AND was.item = item.id
  LEFT JOIN problem ON problem.source = item.source AND problem.remote_id = item.remote_id
  LEFT JOIN provenance ON provenance.item = item.id
 WHERE item.kind IN ('file', 'native') AND (item.gone = 0 OR file.id IS NOT NULL OR removed.id IS NOT NULL);
ALTER TABLE album ADD COLUMN description TEXT;
-- Of these no older index knows anything.
INSERT OR IGNORE INTO rebuilt (source) SELECT 'takeout' WHERE EXISTS (SELECT 1 FROM rebuilt);
INSERT OR IGNORE INTO rebuilt (source) SELECT 'picker' WHERE EXISTS (SELECT 1 FROM rebuilt);
INSERT OR IGNORE INTO rebuilt (source) SELECT 'adopted' WHERE EXISTS (SELECT 1 FROM rebuilt);
DROP VIEW v_album_items;
CREATE VIEW v_album_items AS
SELECT album.path AS album_path, album_link.position, album_link.target AS path, album.title AS album_title
  FROM album_link
  JOIN album ON album.id = album_link.album
UNION ALL
SELECT NULL, album_item.position, file.path, album.title
  FROM album
  JOIN album_item ON album_item.album = album.id
  JOIN holding ON holding.item = album_item.item
  JOIN file ON file.id = holding.file
 WHERE album.path IS NULL AND NOT EXISTS (SELECT 1 FROM album_link WHERE album_link.album = album.id)
   AND NOT EXISTS (
       SELECT 1
         FROM album AS twin
        WHERE album.source = 'photos' AND twin.source = 'takeout' AND twin.title = album.title
          AND twin.path IS NOT NULL);

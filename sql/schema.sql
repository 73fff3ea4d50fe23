-- The index: what the sources have (item, album), what the archive has (file),
-- and how the two belong together (place, holding). Schema version 4.
--
-- Times are INTEGER milliseconds since 1970-01-01T00:00:00Z unless a comment
-- says otherwise; the views show them as ISO 8601 text. Paths are relative to
-- the archive's root, with '/' between their parts. Checksums are BLOBs.
-- People query the views (v_*); they stay as they are when the tables change.
--
-- Where rows come by the million a CHECK names two words at a time: for a longer list SQLite
-- makes a table of its own with each row that is written.

-- One row: whose archive this is, and how the last plan was made.
CREATE TABLE archive (
    id              INTEGER PRIMARY KEY CHECK (id = 1),
    account         TEXT,       -- Drive's permissionId of the account; NULL before the first run
    account_name    TEXT,       -- its e-mail address, for messages only
    client_id       TEXT,       -- the OAuth client of the first run
    drive_root      TEXT,       -- Drive's id of My Drive
    shared_drives   TEXT NOT NULL DEFAULT '[]', -- JSON array of the names of shared drives
    options         TEXT,       -- JSON object: by which options the items of each source were last chosen
    manifest_lines  INTEGER NOT NULL DEFAULT 0  -- lines in .gphotos-sync/manifest
) STRICT;
INSERT INTO archive (id) VALUES (1);

-- Each run of the program that could write here.
CREATE TABLE run (
    id          INTEGER PRIMARY KEY,
    started_at  INTEGER NOT NULL,
    finished_at INTEGER,            -- NULL: it runs, or it was killed
    outcome     TEXT CHECK (outcome IN ('complete', 'incomplete', 'refused', 'interrupted', 'failed')), -- NULL: it runs
    added       INTEGER NOT NULL DEFAULT 0,     -- files that were new in the archive
    changed     INTEGER NOT NULL DEFAULT 0,     -- files whose bytes were replaced by newer ones
    moved       INTEGER NOT NULL DEFAULT 0,     -- files that got another path
    removed     INTEGER NOT NULL DEFAULT 0,     -- files that went to the trash because their item is gone
    failed      INTEGER NOT NULL DEFAULT 0,     -- items that could not be saved
    bytes       INTEGER NOT NULL DEFAULT 0,     -- fetched
    requests    INTEGER NOT NULL DEFAULT 0,     -- sent to Google, those for tokens too
    covered     TEXT,               -- JSON array of the sources of which it asked what there is and fetched it; NULL: none, as in an undo
    part        INTEGER NOT NULL DEFAULT 0      -- 1: what was typed for this run alone left something out
) STRICT;

-- Where each source's listing stands. A page and its cursor are one transaction.
CREATE TABLE crawl (
    source       TEXT PRIMARY KEY,   -- as item.source
    cursor       TEXT NOT NULL CHECK (cursor IN ('listing', 'changes')), -- what is asked next: of everything, or of the feed
    page         TEXT,               -- the token to go on with; NULL: the first page
    changes_from TEXT,               -- in a listing: the feed's token from before it began
    number       INTEGER NOT NULL,   -- counts listings of everything; items bear the last that saw them
    incomplete   INTEGER NOT NULL DEFAULT 0, -- 1: the source said that it did not look everywhere
    listed_at    INTEGER             -- when a listing of everything was last complete
) STRICT, WITHOUT ROWID;

-- How many requests a source was sent on a day, for those of which Google allows only so
-- many. Days older than the last are forgotten.
CREATE TABLE spent (
    source   TEXT NOT NULL,         -- as item.source
    day      TEXT NOT NULL,         -- YYYY-MM-DD, as Google counts days: in its Pacific time
    requests INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

-- What the sources have, as they last described it.
CREATE TABLE item (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,      -- 'drive', 'photos', 'picker', 'takeout', 'adopted'
    remote_id   TEXT NOT NULL,      -- the source's own name for it
    kind        TEXT NOT NULL CHECK (kind IN ('file', 'folder') OR kind IN ('native', 'shortcut')),
    title       TEXT NOT NULL,      -- its name there, with whatever characters the source allows
    mime_type   TEXT NOT NULL,      -- by the source's word
    parent      TEXT,               -- remote_id of the first folder it is in
    target      TEXT,               -- a shortcut's: remote_id of what it points to
    size_bytes  INTEGER,            -- by the source's word; NULL: not stated
    md5         BLOB,               -- by the source's word; NULL: not stated
    sha256      BLOB,               -- the same
    revision    TEXT,               -- names the state of its bytes; NULL: it has none
    created_at  INTEGER,            -- when it was made at the source
    modified_at INTEGER,            -- when its content last changed, by the source's word
    owned       INTEGER NOT NULL,   -- 1: the account owns it
    trashed     INTEGER NOT NULL,   -- 1: in the source's own trash
    favourite   INTEGER NOT NULL,   -- 1: starred in Drive, a favourite in Photos
    archived    INTEGER NOT NULL DEFAULT 0, -- 1: archived in Photos
    withheld    INTEGER NOT NULL,   -- 1: the source does not hand over its bytes
    computer    INTEGER NOT NULL,   -- 1: root folder of a backed-up computer
    shared_drive INTEGER NOT NULL,  -- 1: lies in a shared drive
    gone        INTEGER NOT NULL DEFAULT 0, -- 1: the source says in so many words that it is not there
    missing     INTEGER NOT NULL DEFAULT 0, -- 1: a complete listing did not have it, and the source was not asked for it yet
    taken_at    INTEGER,            -- this and the next seven by the source's word; NULL: not stated
    taken_from  TEXT,               -- how taken_at is known: 'google', 'exif_offset', 'exif_gps', 'exif_utc', 'drive_utc', 'name', 'file_time', 'folder'
    width       INTEGER,            -- pixels, as shown
    height      INTEGER,            -- pixels, as shown
    camera      TEXT,               -- maker and model
    latitude    REAL,               -- degrees north
    longitude   REAL,               -- degrees east
    duration_ms INTEGER,            -- milliseconds
    description TEXT,               -- that a person gave it
    seen        INTEGER NOT NULL,   -- crawl.number of the last listing that had it
    folder      INTEGER,            -- where it hangs: item.id of a folder, -1 to -4 for an area's top, -5 for photos/undated, -YYYYMM for a month of photos/ (-1YYYYMM: with --use-flat-path), 0: nowhere, its bytes are in another item's file; NULL: not yet decided
    form        TEXT CHECK (form IN ('bytes', 'export') OR form IN ('pointer', 'folder') OR form = 'link'), -- how it is kept; NULL: not selected
    export_as   TEXT,               -- form 'export': the MIME type
    extension   TEXT,               -- forms 'export' and 'pointer': what its name gets
    why_not     TEXT,               -- not selected: 'trashed', 'shared_drive', 'not_owned', 'takeout_part', 'document', 'video', 'not_media', 'other_folder', 'not_in_album', 'excluded', 'other_date', 'not_favourite'
    due         INTEGER NOT NULL DEFAULT 0, -- 1: to be fetched
    UNIQUE (source, remote_id)
) STRICT;
CREATE INDEX item_by_parent ON item (source, parent);
CREATE INDEX item_by_folder ON item (folder, form);
CREATE INDEX item_unseated ON item (source, id) WHERE folder IS NULL;
CREATE INDEX item_missing ON item (source, id) WHERE missing = 1;
CREATE INDEX item_gone ON item (source, id) WHERE gone = 1 OR trashed = 1;
CREATE INDEX item_due ON item (id) WHERE due = 1;
CREATE INDEX item_shortcut ON item (id) WHERE kind = 'shortcut';
CREATE INDEX item_folder ON item (id) WHERE kind = 'folder';
-- By the name and the time under which another source may have the same picture. Cameras
-- give thousands of pictures one name.
CREATE INDEX item_by_title ON item (title, taken_at) WHERE kind = 'file';
CREATE INDEX item_not_selected ON item (source, why_not, kind, gone) WHERE why_not IS NOT NULL;

-- The further folders of items that have several (Drive, before September 2020).
CREATE TABLE extra_parent (
    item     INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    ordinal  INTEGER NOT NULL CHECK (ordinal > 0),  -- its place among the item's parents
    parent   TEXT NOT NULL,                         -- remote_id of the folder
    folder   INTEGER,                               -- as item.folder
    PRIMARY KEY (item, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX extra_parent_by_folder ON extra_parent (folder);
CREATE INDEX extra_parent_by_parent ON extra_parent (parent);

-- The name each item was given in its folder. Once given, it stays while title
-- and folder stay.
CREATE TABLE place (
    id      INTEGER PRIMARY KEY,
    item    INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,       -- 0: its own place; others: extra_parent.ordinal
    folder  INTEGER NOT NULL,       -- as item.folder
    wanted  TEXT NOT NULL,          -- the cleaned name that it was given for
    name    TEXT NOT NULL,          -- the name on the disk
    path    TEXT,                   -- a folder's path; NULL for all others, and before it is known
    UNIQUE (item, ordinal),
    UNIQUE (folder, name)
) STRICT;
CREATE INDEX place_further ON place (item) WHERE ordinal > 0;

-- Folders whose children's names have to be dealt again.
CREATE TABLE stale (
    folder INTEGER PRIMARY KEY      -- as item.folder
) STRICT;

-- What the archive holds: one row for each file in the trees.
CREATE TABLE file (
    id          INTEGER PRIMARY KEY,
    path        TEXT NOT NULL UNIQUE, -- where it is; while files exchange paths, below .gphotos-sync/moving
    size_bytes  INTEGER NOT NULL CHECK (size_bytes >= 0),
    mtime_ns    INTEGER NOT NULL,   -- as read back from the disk; nanoseconds since 1970
    md5         BLOB NOT NULL,      -- of the bytes as they were saved
    sha256      BLOB NOT NULL,      -- the same
    crc32       INTEGER NOT NULL,   -- the same, as zip archives state it
    picture     BLOB,               -- SHA-256 of the picture's data alone, without metadata segments; NULL: no picture, or not of a sort that is taken apart
    saved_at    INTEGER NOT NULL,   -- when it was finished, or adopted
    taken_at    INTEGER,            -- this and the next seven as in item, but from the bytes themselves
    taken_from  TEXT,
    width       INTEGER,
    height      INTEGER,
    camera      TEXT,
    latitude    REAL,
    longitude   REAL,
    duration_ms INTEGER,
    compared    INTEGER NOT NULL DEFAULT 0, -- 1: what Photos has was looked through for the same picture or film
    verified_at INTEGER             -- when the `verify` began that last read it and found it right; NULL: none yet
) STRICT;
CREATE INDEX file_by_verification ON file (verified_at, id);
CREATE INDEX file_uncompared ON file (id) WHERE compared = 0;
CREATE INDEX file_by_bytes ON file (sha256);
-- By what a zip archive states of its entries.
CREATE INDEX file_by_size ON file (size_bytes, crc32);
-- By the second within a quarter of an hour, in which all zones agree, counted from the
-- year 1 so that it is never negative; and by the time.
CREATE INDEX file_by_second ON file ((taken_at + 62135596800000) / 1000 % 900, taken_at) WHERE taken_at IS NOT NULL;
CREATE INDEX file_by_picture ON file (picture) WHERE picture IS NOT NULL;

-- Which file holds which item's bytes. Many items may share one file; a file's
-- bytes leave the trees only when no row here names them.
CREATE TABLE holding (
    item        INTEGER PRIMARY KEY REFERENCES item (id),
    file        INTEGER NOT NULL REFERENCES file (id),
    revision    TEXT NOT NULL,      -- of the item, as held
    modified_at INTEGER,            -- the modified time that the file bears
    fidelity    TEXT NOT NULL CHECK (fidelity IN ('original', 'stripped') OR fidelity IN ('transcoded', 'export') OR fidelity = 'pointer'), -- how true the bytes are to the item's own
    match_rule  TEXT NOT NULL,      -- how it is known that these are the item's bytes: 'id' (fetched for it), 'hash', 'picture', 'name_size_time', 'name_size_crc', 'name_time'
    kept        INTEGER NOT NULL DEFAULT 0 -- 1: a person put it back with `undo`; it is never removed again
) STRICT;
CREATE INDEX holding_by_file ON holding (file);

-- How much the archive holds of each source, as it was counted when something of that had
-- last changed. No row: it has to be counted.
CREATE TABLE held (
    source    TEXT PRIMARY KEY,     -- as item.source
    items     INTEGER NOT NULL,     -- whose bytes the archive has
    elsewhere INTEGER NOT NULL,     -- of these, those whose bytes are in another item's file
    bytes     INTEGER NOT NULL      -- of the files of all others
) STRICT, WITHOUT ROWID;

-- Fetched files that are about to get their places: what a killed run had placed and not
-- recorded is known by it.
CREATE TABLE landing (
    item       INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    path       TEXT NOT NULL,       -- their place
    sha256     BLOB NOT NULL,       -- of the bytes that came
    trash_path TEXT                 -- where the item's older bytes go; NULL: it has none
) STRICT;

-- The symlinks in drive/: shortcuts, and the further places of items that have several.
CREATE TABLE link (
    path   TEXT PRIMARY KEY,        -- where it is
    target TEXT NOT NULL            -- path of the file it leads to
) STRICT, WITHOUT ROWID;

-- Files that were taken out of the trees, and lie (or lay) in the trash. Sizes, times
-- and checksums as in file.
CREATE TABLE trash (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL,   -- run.id of the run that took it out
    at          INTEGER NOT NULL,
    why         TEXT NOT NULL CHECK (why IN ('removed', 'replaced', 'altered')), -- its item is gone; newer bytes took its place; the unaltered original did
    path        TEXT NOT NULL,      -- where it was
    trash_path  TEXT NOT NULL,      -- where it is, below .gphotos-sync/trash/
    put_back    TEXT,               -- where `undo` puts it, or in partial/ on its way back to its item; recorded before, for the case of a crash
    restored_at INTEGER,            -- when `undo`, or the item's return, put it back; NULL: it was not
    purged_at   INTEGER,            -- when it was deleted for good; NULL: it was not
    size_bytes  INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    md5         BLOB NOT NULL,
    sha256      BLOB NOT NULL,
    crc32       INTEGER NOT NULL,
    picture     BLOB,
    saved_at    INTEGER NOT NULL,
    taken_at    INTEGER,
    taken_from  TEXT,
    width       INTEGER,
    height      INTEGER,
    camera      TEXT,
    latitude    REAL,
    longitude   REAL,
    duration_ms INTEGER
) STRICT;
CREATE INDEX trash_by_run ON trash (why, run);
CREATE INDEX trash_in_hand ON trash (trash_path) WHERE restored_at IS NULL AND purged_at IS NULL;
CREATE INDEX trash_removed ON trash (why, id) WHERE restored_at IS NULL AND purged_at IS NULL;
CREATE INDEX trash_put_back ON trash (id) WHERE put_back IS NOT NULL AND restored_at IS NULL;

-- Of which items the files in the trash were, as in holding.
CREATE TABLE trash_holding (
    trash       INTEGER NOT NULL REFERENCES trash (id) ON DELETE CASCADE,
    item        INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    revision    TEXT NOT NULL,
    modified_at INTEGER,
    fidelity    TEXT NOT NULL,
    match_rule  TEXT NOT NULL,
    PRIMARY KEY (trash, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX trash_holding_by_item ON trash_holding (item);

-- Albums, as their source last described them. Sources that have albums fill this
-- and the next two tables; Drive has none.
CREATE TABLE album (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,      -- as item.source
    remote_id   TEXT NOT NULL,      -- the source's own name for it
    title       TEXT NOT NULL,
    items       INTEGER,            -- by the source's word
    cover       TEXT,               -- remote_id of its cover
    stale       INTEGER NOT NULL DEFAULT 1, -- 1: what is in it has to be read anew
    gone        INTEGER NOT NULL DEFAULT 0, -- 1: the source says that it is not there
    wanted      TEXT,               -- the folder that path was given for, without a number
    path        TEXT UNIQUE,        -- its folder; NULL: it has none
    seen        INTEGER NOT NULL,   -- counts the lists of albums; of the last one that had it
    description TEXT,               -- that a person gave it
    UNIQUE (source, remote_id)
) STRICT;

-- What is in each album, in the album's order.
CREATE TABLE album_item (
    album    INTEGER NOT NULL REFERENCES album (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position > 0), -- from 1
    item     INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    PRIMARY KEY (album, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX album_item_by_item ON album_item (item);

-- What stands in albums/ for the items of albums, as it was made.
CREATE TABLE album_link (
    path       TEXT PRIMARY KEY,    -- where it is
    album      INTEGER NOT NULL REFERENCES album (id),
    position   INTEGER NOT NULL,    -- album_item.position of the item that it stands for
    target     TEXT NOT NULL,       -- path of the file it stands for
    mode       TEXT NOT NULL CHECK (mode IN ('symlink', 'hardlink', 'reflink', 'copy')),
    size_bytes INTEGER,             -- of what was made, as read back; NULL for symlinks
    mtime_ns   INTEGER,             -- the same
    sha256     BLOB,                -- of the bytes that it was made of; NULL for symlinks
    verified_at INTEGER             -- as in file; NULL for symlinks
) STRICT, WITHOUT ROWID;
CREATE INDEX album_link_by_album ON album_link (album, path);
CREATE INDEX album_link_by_verification ON album_link (verified_at, path) WHERE mode <> 'symlink';

-- Who is in a picture, by the source's word.
CREATE TABLE person (
    item INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    name TEXT NOT NULL,             -- as the account's owner called them
    PRIMARY KEY (item, name)
) STRICT, WITHOUT ROWID;

-- The XMP files beside pictures and films, as they were written, and what of somebody else
-- has such a name and was told. Whether their pictures are still there, file says.
CREATE TABLE xmp (
    path       TEXT PRIMARY KEY,    -- where it is: the path of its picture, and .xmp behind that
    size_bytes INTEGER,             -- NULL, as the next two: it is not the archive's own
    mtime_ns   INTEGER,             -- as read back from the disk; the least there is: it was about to be written
    sha256     BLOB                 -- of the bytes that were written
) STRICT, WITHOUT ROWID;

-- Google Takeout's exports. What a person named on the command line and that has no name of
-- an export's part is an export of its own, by its path.
CREATE TABLE export (
    id       INTEGER PRIMARY KEY,
    name     TEXT NOT NULL UNIQUE,  -- what the names of its parts begin with: takeout-20250921T1994402Z
    made_at  INTEGER,               -- by that name; NULL: it tells none
    found_at INTEGER NOT NULL,      -- when a run first saw a part of it
    stale    INTEGER NOT NULL DEFAULT 1 -- 1: more was read of it since it was last worked out what belongs to what
) STRICT;

-- The parts that exports came in.
CREATE TABLE export_part (
    id         INTEGER PRIMARY KEY,
    export     INTEGER NOT NULL REFERENCES export (id),
    series     INTEGER NOT NULL,    -- which of several archives of one export; 0: its name tells none
    number     INTEGER NOT NULL,    -- from 1; 0: its name tells none
    name       TEXT NOT NULL,       -- its file name
    place      TEXT NOT NULL CHECK (place IN ('drive', 'disk')),
    address    TEXT NOT NULL,       -- Drive's id of it; a path of this machine
    format     TEXT NOT NULL CHECK (format IN ('zip', 'tgz') OR format = 'folder'),
    size_bytes INTEGER NOT NULL,    -- 0: a folder
    revision   TEXT NOT NULL,       -- names the state of its bytes
    state      TEXT NOT NULL CHECK (state IN ('new', 'read') OR state IN ('listed', 'double')), -- nothing or not all is known of what is in it; that is, and its sidecars are read; that is, and they are not; another part has the same
    gone       INTEGER NOT NULL DEFAULT 0, -- 1: it is there no more
    UNIQUE (place, address)
) STRICT;
CREATE INDEX export_part_by_number ON export_part (export, series, number);

-- The JSON files of exports, as they are, so that a better reader may be run later.
CREATE TABLE sidecar (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,       -- its file name
    size_bytes INTEGER NOT NULL,    -- of the JSON
    crc32      INTEGER NOT NULL,    -- the same
    json       BLOB NOT NULL,       -- the JSON, as a zlib stream
    UNIQUE (size_bytes, crc32, name)
) STRICT;

-- What lies in the parts of exports.
CREATE TABLE entry (
    id           INTEGER PRIMARY KEY,
    part         INTEGER NOT NULL REFERENCES export_part (id),
    export       INTEGER NOT NULL REFERENCES export (id),
    folder       TEXT NOT NULL,     -- its path in the export without its name
    name         TEXT NOT NULL,
    size_bytes   INTEGER NOT NULL,
    crc32        INTEGER,           -- NULL: not known
    at           INTEGER NOT NULL,  -- zip: at which byte of the part its local header begins; all others: how many entries come before it
    packed_bytes INTEGER NOT NULL,  -- that it takes in the part, without its header
    packing      TEXT NOT NULL CHECK (packing IN ('stored', 'deflated') OR packing = 'stream'),
    sidecar      INTEGER REFERENCES sidecar (id), -- a JSON file: what is in it
    item         INTEGER REFERENCES item (id) ON DELETE SET NULL, -- a picture or a film: whose bytes it is
    broken       INTEGER NOT NULL DEFAULT 0 -- 1: its bytes were read and are not those that the part states
) STRICT;
CREATE INDEX entry_by_part ON entry (part, at);
CREATE INDEX entry_by_folder ON entry (export, folder, name);
CREATE INDEX entry_by_bytes ON entry (size_bytes, crc32);
CREATE INDEX entry_by_item ON entry (item);

-- What Takeout knows of an item beside what all sources know, by the newest export that told
-- of it.
CREATE TABLE provenance (
    item       INTEGER PRIMARY KEY REFERENCES item (id) ON DELETE CASCADE,
    export     INTEGER REFERENCES export (id),
    sidecar    INTEGER REFERENCES sidecar (id), -- NULL: it has none
    match_rule TEXT NOT NULL,       -- how its sidecar was found: 'takeout_...'; 'takeout_none': it was not
    url        TEXT,                -- its address in Google Photos
    origin     TEXT,                -- how it came into the library, in Google's words
    locked     INTEGER NOT NULL,    -- 1: it is in the locked folder
    is_dated   INTEGER NOT NULL     -- 1: its sidecar tells when it was taken
) STRICT;
CREATE INDEX provenance_by_url ON provenance (url) WHERE url IS NOT NULL;
CREATE INDEX provenance_undated ON provenance (item) WHERE is_dated = 0;
CREATE INDEX provenance_unmatched ON provenance (item) WHERE match_rule = 'takeout_none';

-- What lies in the folders that `adopt` was given: files, and links that lead to them.
CREATE TABLE adopted (
    id         INTEGER PRIMARY KEY,
    root       TEXT NOT NULL,       -- the folder that a person named, as a path of this machine
    folder     TEXT NOT NULL,       -- where it lies below root; '': in root itself
    name       TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,    -- as it was when it was read
    mtime_ns   INTEGER NOT NULL,    -- the same; nanoseconds since 1970
    to_folder  TEXT,                -- a link: this and the next tell what it leads to; NULL: a file
    to_name    TEXT,
    crc32      INTEGER,             -- of the bytes, as in file; NULL: they were not read
    picture    BLOB,                -- as in file
    item       INTEGER REFERENCES item (id) ON DELETE SET NULL, -- whose bytes these are; NULL: they were not read
    run        INTEGER NOT NULL,    -- run.id of the last that saw it
    UNIQUE (root, folder, name)
) STRICT;
CREATE INDEX adopted_by_item ON adopted (item) WHERE item IS NOT NULL;

-- Sources that were listed whole once over what lies on the disk. Of all others an earlier
-- index may have known files there that this one does not know yet.
CREATE TABLE rebuilt (
    source TEXT PRIMARY KEY         -- as item.source
) STRICT, WITHOUT ROWID;

-- While the index is made anew: what the manifest says that the archive holds, one row
-- for each item. Nothing of it is believed before the bytes were looked at.
CREATE TABLE remembered (
    source      TEXT NOT NULL,      -- as item.source
    remote_id   TEXT NOT NULL,      -- as item.remote_id
    path        TEXT NOT NULL,      -- where its file is; a folder's own path
    parent      TEXT,               -- this and the next four as in item
    title       TEXT NOT NULL,
    mime_type   TEXT NOT NULL,
    owned       INTEGER NOT NULL,
    created_at  INTEGER,
    size_bytes  INTEGER,            -- this and the next as in file; NULL: a folder
    sha256      BLOB,
    revision    TEXT,               -- this and the next four as in holding; NULL: a folder
    modified_at INTEGER,
    fidelity    TEXT,
    match_rule  TEXT,
    kept        INTEGER,
    taken_at    INTEGER,            -- this and the next nine as in item
    taken_from  TEXT,
    width       INTEGER,
    height      INTEGER,
    camera      TEXT,
    latitude    REAL,
    longitude   REAL,
    duration_ms INTEGER,
    description TEXT,
    favourite   INTEGER NOT NULL,
    PRIMARY KEY (source, remote_id)
) STRICT, WITHOUT ROWID;

-- What a run will do. Each kind of step is done before the next kind begins.
CREATE TABLE step (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('move', 'retime') OR kind IN ('fetch', 'remove') OR kind = 'retire'), -- another path, another modified time, new bytes, out of the trees, out of the trees for an original
    item      INTEGER NOT NULL REFERENCES item (id) ON DELETE CASCADE,
    from_path TEXT,                 -- where the file is; NULL: nowhere yet
    to_path   TEXT NOT NULL,        -- where it shall be; of what leaves the trees: in the trash
    lifted    TEXT,                 -- a move that goes by way of .gphotos-sync/moving/: its name there
    UNIQUE (item, kind)
) STRICT;
CREATE INDEX step_by_kind ON step (kind, id);
CREATE INDEX step_move ON step (from_path) WHERE kind = 'move';

-- What could not be saved, until it is.
CREATE TABLE problem (
    id          INTEGER PRIMARY KEY,
    source      TEXT NOT NULL,      -- as item.source
    remote_id   TEXT NOT NULL,      -- as item.remote_id; the item itself may be forgotten
    path        TEXT NOT NULL,      -- where it would be; its title where that is not known
    reason      TEXT NOT NULL,      -- in words for a person
    attempts    INTEGER NOT NULL,   -- how often it was tried
    next_try_at INTEGER NOT NULL,   -- for --watch; a new run always tries
    run         INTEGER NOT NULL,   -- run.id of the last that tried
    UNIQUE (source, remote_id)
) STRICT;

-- What happened, for a person who asks years later.
CREATE TABLE history (
    id     INTEGER PRIMARY KEY,
    run    INTEGER NOT NULL,        -- run.id of the run in which it happened
    at     INTEGER NOT NULL,
    what   TEXT NOT NULL,           -- 'added', 'adopted', 'changed', 'moved', 'missing', 'edited', 'altered', 'removed', 'replaced', 'restored', 'purged', 'problem', 'solved'
    path   TEXT NOT NULL,           -- the file's, after it
    detail TEXT                     -- moved: from where; changed, edited: where the other bytes are; altered, removed, restored: where it is, or was, in the trash; purged: how many files; problem, solved: why
) STRICT;
-- For people: what a run did.
CREATE INDEX history_by_run ON history (run);

-- `removed` is what was held of an item that is gone and that the archive holds no more.
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

CREATE VIEW v_people AS
SELECT file.path, person.name AS person
  FROM person
  JOIN holding ON holding.item = person.item
  JOIN file ON file.id = holding.file;

-- What stands in albums/, as it was made. Of albums that have no folder: what the archive
-- holds of what is in them, unless they are one with an album of Takeout that has one.
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

-- An album's times are its source's word, which its folder goes by as well.
CREATE VIEW v_albums AS
SELECT album.source,
       album.title,
       album.path,
       count(album_item.item) AS items,
       strftime('%Y-%m-%dT%H:%M:%fZ', min(COALESCE(item.taken_at, file.taken_at, item.created_at)) / 1000.0, 'unixepoch') AS first_taken_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', max(COALESCE(item.taken_at, file.taken_at, item.created_at)) / 1000.0, 'unixepoch') AS last_taken_at
  FROM album
  LEFT JOIN album_item ON album_item.album = album.id
  LEFT JOIN item ON item.id = album_item.item
  LEFT JOIN holding ON holding.item = item.id
  LEFT JOIN file ON file.id = holding.file
 GROUP BY album.id;

CREATE VIEW v_problems AS
SELECT source,
       remote_id,
       path,
       reason,
       attempts,
       strftime('%Y-%m-%dT%H:%M:%fZ', next_try_at / 1000.0, 'unixepoch') AS next_try_at
  FROM problem;

CREATE VIEW v_runs AS
SELECT id,
       strftime('%Y-%m-%dT%H:%M:%fZ', started_at / 1000.0, 'unixepoch') AS started_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', finished_at / 1000.0, 'unixepoch') AS finished_at,
       outcome, added, changed, moved, removed, failed, bytes, requests
  FROM run;

CREATE VIEW v_history AS
SELECT run,
       strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS at,
       what, path, detail
  FROM history;

-- The paths are sorted without ORDER BY in the call: sqlite3 knows that only since
-- 3.44, and an older one can read no table at all beside a view it cannot parse.
CREATE VIEW v_duplicates AS
SELECT lower(hex(sha256)) AS sha256,
       count(*) AS copies,
       size_bytes,
       (SELECT json_group_array(path)
          FROM (SELECT path FROM file AS other WHERE other.sha256 = file.sha256 ORDER BY path)
       ) AS paths
  FROM file
 GROUP BY sha256
HAVING count(*) > 1;

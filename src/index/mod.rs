//! The SQLite index. The only module that knows that SQL is spoken here.
//!
//! Every statement is a file below `sql/queries/`, named after the function
//! that runs it: `sql/queries/item/find.sql` is run by `index::item::find`.
//! Functions take the connection and do one thing; transactions are the
//! engine's to begin and to end.

pub mod adopted;
pub mod album;
pub mod album_link;
pub mod ancestor;
pub mod archive;
pub mod coverage;
pub mod crawl;
pub mod entry;
pub mod export;
pub mod export_part;
pub mod file;
#[doc(hidden)]
pub mod fuzzed;
pub mod health;
pub mod history;
pub mod item;
pub mod landing;
pub mod link;
pub mod matching;
pub mod orphan;
pub mod person;
pub mod place;
mod plain;
pub mod problem;
pub mod provenance;
mod reading;
pub mod rebuilt;
pub mod remembered;
pub mod run;
mod schema;
pub mod sidecar;
pub mod spent;
pub mod step;
pub mod transaction;
pub mod trash;
mod value;
pub mod verification;
pub mod xmp;

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
pub use reading::{open_copy, open_read_only, open_temporary};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

/// Loads `sql/queries/NAME.sql` at compile time.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/queries/", $name, ".sql"))
    };
}
pub(crate) use sql;

use self::schema::{VERSION, upgrade, version};

/// Why the index could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such file.
    #[error("there is no index at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A newer gphotos-sync made this index.
    #[error(
        "the index {} has version {found}; this program reads up to {VERSION}: update gphotos-sync",
        path.display()
    )]
    TooNew {
        /// The index.
        path: PathBuf,
        /// The version in the file.
        found: usize,
    },
    /// The file is a database, and another program's.
    #[error("{} is not an index of gphotos-sync but another program's database", path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// The file is there and is no index, or no longer.
    #[error("{} is damaged, or not an index: {cause}", path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What SQLite says of it.
        cause: String,
    },
    /// Something else than a file has the name of one of the index's files.
    #[error("{} is {what}, so the index is not opened", path.display())]
    NotPlain {
        /// Which of its files.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// The index cannot be read where it is, nor copied elsewhere.
    #[error("the index {} could not be copied to be read", path.display())]
    Uncopied {
        /// The index.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// SQLite found, while it was used, that it is no index, or no longer.
    #[error("the index is damaged: {cause}")]
    Broken {
        /// What SQLite says of it.
        cause: String,
    },
    /// SQLite refused.
    #[error("the index could not be used: {0}")]
    Sqlite(#[source] rusqlite::Error),
    /// A value in the index is none that this program writes.
    #[error("the index holds {value:?} where {what} should be")]
    Unreadable {
        /// What was expected.
        what: &'static str,
        /// What was there.
        value: String,
    },
}

/// Opens the index at `path`, making or upgrading it if need be.
///
/// # Errors
///
/// [`Error::TooNew`] if a newer program wrote it; [`Error::Damaged`] if the file
/// is no index; [`Error::NotPlain`]; [`Error::Sqlite`] if it cannot be opened.
pub fn open(path: &Path) -> Result<Connection, Error> {
    open_with(path, |_| Ok(()))
}

/// As [`open`], for tests of what a disk may do: `may_commit` is asked before each commit,
/// which is undone where it says no. In debug builds only.
///
/// # Errors
///
/// As [`open`]; [`Error::Sqlite`] of a commit that was not to be.
#[cfg(debug_assertions)]
pub fn open_guarded(
    path: &Path,
    mut may_commit: impl FnMut() -> bool + Send + 'static,
) -> Result<Connection, Error> {
    open_with(path, |db| db.commit_hook(Some(move || !may_commit())))
}

fn open_with(
    path: &Path,
    first: impl FnOnce(&mut Connection) -> rusqlite::Result<()>,
) -> Result<Connection, Error> {
    plain::check(path)?;
    plain::refuse_journal(path)?;
    let flags = OpenFlags::default() | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let opened = Connection::open_with_flags(plain::without_links(path), flags);
    let mut db = opened.map_err(|error| in_file(path, error))?;
    first(&mut db)?;
    // Before anything else: what is another program's is not changed in the least.
    let prepared = version(&db, path).and_then(|_| prepare(db, path));
    prepared.map_err(|error| error.of_file(path))
}

/// What an error of SQLite's says of the file at `path`.
fn in_file(path: &Path, error: rusqlite::Error) -> Error {
    Error::from(error).of_file(path)
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
                Self::Broken { cause: error.to_string() }
            }
            _ => Self::Sqlite(error),
        }
    }
}

impl Error {
    /// The disk or the quota is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_code(rusqlite::ErrorCode::DiskFull)
    }

    /// Another program holds the index, or the file system cannot say whether one does.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked, FileLockingProtocolFailed};
        let any = [DatabaseBusy, DatabaseLocked, FileLockingProtocolFailed];
        any.into_iter().any(|code| self.is_code(code))
    }

    /// Whether the index can only be read: the file system or its rights allow no more.
    #[must_use]
    pub fn is_unwritable(&self) -> bool {
        use rusqlite::ErrorCode::{CannotOpen, PermissionDenied, ReadOnly};
        [CannotOpen, PermissionDenied, ReadOnly].into_iter().any(|code| self.is_code(code))
    }

    /// Whether SQLite found the index damaged.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Broken { .. })
    }

    fn is_code(&self, code: rusqlite::ErrorCode) -> bool {
        matches!(self, Self::Sqlite(error) if error.sqlite_error_code() == Some(code))
    }

    /// The same, told of the file at `path` where SQLite says that it is damaged.
    fn of_file(self, path: &Path) -> Self {
        match self {
            Self::Broken { cause } => Self::Damaged { path: path.to_owned(), cause },
            other => other,
        }
    }
}

/// Writes a copy of the index to `path`, as it is now: to an empty file that is there.
/// SQLite looks whether the copy is sound: it is to take the place of one that is. No file is made there and no link followed, since others may change the names. Nobody
/// else may use that file: no lock is taken on it, for which some file systems have no
/// means. Whoever gives the copy its own name makes it durable.
///
/// # Errors
///
/// [`Error::NotPlain`]; [`Error::Damaged`] if the index is not sound, or its copy;
/// [`Error::Sqlite`].
pub fn back_up(db: &Connection, path: &Path) -> Result<(), Error> {
    plain::check(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let path = plain::without_links(path);
    let mut copy = Connection::open_with_flags_and_vfs(&path, flags, "unix-none")?;
    copy.pragma_update(None, "journal_mode", "off")?;
    copy.pragma_update(None, "synchronous", "off")?;
    copy_all(db, &mut copy)?;
    // Without locks SQLite does not read what is in WAL mode, but for what cannot change.
    drop(copy);
    let index = db.path().unwrap_or("index.db");
    health::check_of(&open_read_only(&path)?, Path::new(index))
}

/// What the copy of an index at `path` says of itself: how many lines the manifest had by
/// then, and when the run began that made it; `None` if it has had no run.
///
/// # Errors
///
/// As [`open_read_only`].
pub fn copied(path: &Path) -> Result<Option<(u64, DateTime<Utc>)>, Error> {
    let db = open_read_only(path)?;
    let lines = archive::get(&db)?.manifest_lines;
    Ok(run::last(&db)?.map(|last| (lines, last.started_at)))
}

/// How large the index is, in bytes, without what SQLite keeps beside it.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn size_bytes(db: &Connection) -> Result<u64, Error> {
    let pages: u64 = db.pragma_query_value(None, "page_count", |row| row.get(0))?;
    let page_bytes: u64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
    Ok(pages.saturating_mul(page_bytes))
}

/// Keeps what SQLite writes beside the index small from now on, where the disk has little
/// room. It costs more waits for the disk.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn save_room(db: &Connection) -> Result<(), Error> {
    db.pragma_update(None, "wal_autocheckpoint", 64)?;
    // A reader may keep it from being cut now.
    db.pragma(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?;
    Ok(())
}

/// Makes `db` what the copy at `path` is, if `db` is as new and the copy is a whole index
/// of this program's; says whether it did. What the copy does not know yet has to be
/// found out: everything is listed again, and the index counts as one that is rebuilt.
///
/// # Errors
///
/// [`Error::Sqlite`] of `db`: a copy that cannot be used is none.
pub fn restore(db: &mut Connection, path: &Path) -> Result<bool, Error> {
    if run::any(db)? {
        return Ok(false);
    }
    let Ok(Some(copy)) = open_whole(path) else { return Ok(false) };
    copy_all(&copy, db)?;
    rebuilt::clear(db)?;
    crawl::distrust(db)?;
    Ok(true)
}

/// Opens a copy of the index at `path`, if it is whole and has had a run.
fn open_whole(path: &Path) -> Result<Option<Connection>, Error> {
    let db = open_copy(path)?;
    let verdict: String = db.pragma_query_value(None, "quick_check", |row| row.get(0))?;
    Ok((verdict == "ok" && run::any(&db)?).then_some(db))
}

fn copy_all(from: &Connection, to: &mut Connection) -> Result<(), Error> {
    use rusqlite::backup::{Backup, StepResult};
    let every_page = -1;
    if Backup::new(from, to)?.step(every_page)? == StepResult::Done {
        return Ok(());
    }
    // Not tried again and again: who holds one of the two may do so for ever.
    let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
    Err(Error::Sqlite(rusqlite::Error::SqliteFailure(busy, None)))
}

fn prepare(mut db: Connection, path: &Path) -> Result<Connection, Error> {
    db.busy_timeout(Duration::from_secs(10))?;
    // What a transaction recorded must be there after a power cut: files are
    // made durable before their rows, and a lost row would fetch them again.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // A view or a trigger that somebody wrote into the file may call nothing of consequence.
    db.pragma_update(None, "trusted_schema", false)?;
    // Negative: KiB. Enough for the upper pages of the indices of a million items.
    db.pragma_update(None, "cache_size", -16_384)?;
    db.pragma_update(None, "temp_store", "file")?;
    // In pages of 4 KiB. What is in the WAL goes into the index after so many: each
    // time costs two waits for the disk, and writes a page once that changed often.
    db.pragma_update(None, "wal_autocheckpoint", 8192)?;
    // Otherwise the indices WHERE ... IS NOT NULL make SQLite compile nearly every
    // statement anew whenever other values are bound: they might be NULL.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.set_prepared_statement_cache_capacity(256);
    upgrade(&mut db, path)?;
    // Not before: one that cannot be brought up to date is left as it is.
    db.pragma_update(None, "journal_mode", "wal")?;
    Ok(db)
}

#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    prepare(Connection::open_in_memory().unwrap(), Path::new("in memory")).unwrap()
}

#[cfg(test)]
mod tests {
    use super::schema::SCHEMA;
    use super::*;

    /// Statements that look at a whole table because that is what they are for,
    /// because the table is always small, or because they do so by a partial index,
    /// which has only what is wanted.
    const MAY_SCAN: &[&str] = &[
        "album/by_time",
        "album/has",
        "album/titles",
        "album/unseat_turned",
        "album/any_of",
        "album/last_number",
        "album/mark_all_stale",
        "album/mark_unseen_gone",
        "album/next_stale",
        "album_link/albums",
        "album_link/waiting",
        "archive/get",
        "archive/objects",
        "crawl/distrust",
        "coverage/albums",
        "coverage/count",
        "coverage/counted",
        "coverage/gone",
        "coverage/held",
        "coverage/is_counted",
        "coverage/trash",
        "file/all",
        "file/count",
        "file/count_removable",
        "landing/all",
        "item/any_held",
        "item/any_seen",
        "item/count",
        "item/count_due",
        "item/count_pending",
        "item/due",
        "item/mark_missing",
        "item/not_selected",
        "item/remove_unseen",
        "item/unseat_all",
        "item/unseat_below",
        "item/unseated",
        "link/all",
        "link/wanted",
        "orphan/files",
        "orphan/items",
        "matching/parting",
        "matching/same_bytes",
        "matching/uncompared",
        "place/adrift",
        "place/clear_stale",
        "place/is_stale",
        "place/mark_due_stale",
        "place/mark_links",
        "place/mark_needed",
        "place/stale",
        "problem/close_moot",
        "problem/count",
        "problem/open",
        "rebuilt/clear",
        "remembered/clear",
        "remembered/files",
        "run/any",
        "run/close_killed",
        "run/last",
        "run/last_complete",
        "step/clear",
        "step/totals",
        "trash/unfinished",
        "verification/copies",
        "album/in_order",
        "entry/due_in_streams",
        "entry/count_unread",
        "export/all",
        "export/mark_all_stale",
        "export/removable",
        "export/stale",
        "export_part/count_read",
        "export_part/of_state",
        "export_part/mark_gone",
        "provenance/count_unmatched",
        "xmp/any",
    ];

    /// Statements that sort what they find, which is little or has to be sorted.
    const MAY_SORT: &[&str] = &[
        "album_link/wanted",
        "album/by_time",
        "file/modified_at",
        "matching/copies",
        "place/adrift",
        "adopted/of_item",
        "problem/open",
        "run/last_complete",
        "album/in_order",
        "entry/of_item",
        "export/all",
        "export/removable",
        "export/stale",
        "export_part/in_drive",
        "xmp/facts",
    ];

    #[test]
    fn of_thousands_of_pictures_with_one_name_only_those_of_one_day_are_looked_at() {
        let db = in_memory();
        for sql in [
            include_str!("../../sql/queries/matching/originals.sql"),
            include_str!("../../sql/queries/matching/has_rival.sql"),
            include_str!("../../sql/queries/matching/copies.sql"),
        ] {
            let mut query = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = query.raw_query().mapped(|row| row.get::<_, String>("detail"));
            let steps: Vec<_> = steps.map(Result::unwrap).collect();
            assert!(steps.iter().any(|step| step.contains("taken_at>?")), "{steps:?}");
            let by_time = |step: &String| !step.contains("item_by_title") || step.contains(">?");
            assert!(steps.iter().all(by_time), "{steps:?}");
            assert!(!steps.iter().any(|step| step.contains("source=?")), "{steps:?}");
        }
    }

    /// What runs for each item that is listed, or for each file that is saved.
    const RUN_BY_THE_MILLION: &[&str] = &[
        "file/held_by",
        "file/hold",
        "file/put",
        "history/add",
        "item/add",
        "item/change",
        "item/find",
        "item/get",
        "item/seat",
        "item/see",
        "item/settle",
        "landing/put",
        "landing/remove",
        "place/put",
        "problem/reason",
        "step/put",
        "step/remove",
        "trash/returning",
    ];

    /// A guard of what was gained: such a table costs more than the row that it is made for.
    #[test]
    fn no_query_that_runs_by_the_million_makes_a_table_of_its_own() {
        let db = in_memory();
        let often = |name: &String| RUN_BY_THE_MILLION.contains(&name.as_str());
        let queries: Vec<_> = query_files().filter(|(name, _)| often(name)).collect();
        assert_eq!(queries.len(), RUN_BY_THE_MILLION.len());
        for (name, sql) in queries {
            let mut query = db.prepare(&format!("EXPLAIN {sql}")).unwrap();
            let steps = query.raw_query().mapped(|row| row.get::<_, String>("opcode"));
            let tables: Vec<_> =
                steps.map(Result::unwrap).filter(|step| step.contains("Ephemeral")).collect();
            assert!(tables.is_empty(), "{name}: {tables:?}");
        }
    }

    #[test]
    fn every_query_prepares_and_scans_or_sorts_only_where_it_may() {
        let db = in_memory();
        // Those of another program's index are for its tables.
        for (name, sql) in query_files().filter(|(name, _)| !name.starts_with("ancestor/")) {
            let mut query = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let steps = query.raw_query().mapped(|row| row.get::<_, String>("detail"));
            for step in steps.map(Result::unwrap) {
                let scans = step.starts_with("SCAN ") && !step.contains("CONSTANT ROW");
                assert!(!scans || MAY_SCAN.contains(&name.as_str()), "{name}: {step}");
                let sorts = step.contains("TEMP B-TREE FOR ORDER BY");
                assert!(!sorts || MAY_SORT.contains(&name.as_str()), "{name}: {step}");
            }
        }
    }

    #[test]
    fn a_copy_is_written_whoever_holds_the_file_and_never_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("index.db.copy");
        let db = in_memory();
        drop(std::fs::File::create(&path).unwrap());
        back_up(&db, &path).unwrap();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        back_up(&db, &path).unwrap();
        assert!(copy_all(&db, &mut Connection::open(&path).unwrap()).is_err());
    }

    #[test]
    fn upgrading_the_oldest_index_gives_the_schema_that_a_new_one_has() {
        let old = Connection::open_in_memory().unwrap();
        old.execute_batch(include_str!("../../tests/fixtures/index/v1.sql")).unwrap();
        let upgraded = prepare(old, Path::new("old")).unwrap();
        assert_eq!(objects(&upgraded), objects(&in_memory()));
    }

    #[test]
    fn an_index_of_a_newer_program_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        let newer = Connection::open(&path).unwrap();
        newer.execute_batch(SCHEMA).unwrap();
        newer.pragma_update(None, "user_version", VERSION + 1).unwrap();
        drop(newer);
        let error = open(&path).unwrap_err();
        assert!(matches!(error, Error::TooNew { found, .. } if found == VERSION + 1), "{error}");
    }

    #[test]
    fn a_disk_without_room_for_the_index_is_told_as_that() {
        let db = in_memory();
        db.pragma_update(None, "max_page_count", 1).unwrap();
        let more = "INSERT INTO history (run, at, what, path) VALUES (1, 1, 'added', ?1)";
        let error = db.execute(more, ["a".repeat(100_000)]).unwrap_err();
        assert!(Error::from(error).is_full());
        assert!(!Error::Missing { path: PathBuf::new() }.is_full());
    }

    #[test]
    fn a_file_that_is_no_index_is_named_as_damaged_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        let text = b"this is a diary, and not a database of any kind".repeat(40);
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), &text).unwrap();
        let error = open(&path).unwrap_err();
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), text);
    }

    #[test]
    fn the_bundled_sqlite_has_no_wal_reset_bug() {
        // Fixed in 3.51.3: https://www.sqlite.org/releaselog/3_51_3.html
        assert!(rusqlite::version_number() >= 3_051_003, "{}", rusqlite::version());
    }

    #[test]
    fn the_views_are_for_the_older_sqlite3_of_people_too() {
        // Since 3.44 only. A view that is not understood makes the whole file unreadable.
        for call in SCHEMA.split("json_group_array(").skip(1) {
            let arguments = call.split(')').next().unwrap_or_default();
            assert!(!arguments.contains("ORDER BY"), "json_group_array({arguments})");
        }
        let db = in_memory();
        for path in ["drive/b", "drive/a", "drive/c"] {
            let insert =
                "INSERT INTO file (path, size_bytes, mtime_ns, md5, sha256, crc32, saved_at)
                          VALUES (?1, 1, 0, x'00', x'01', 0, 0)";
            db.execute(insert, [path]).unwrap();
        }
        let paths: String =
            db.query_row("SELECT paths FROM v_duplicates", [], |row| row.get("paths")).unwrap();
        assert_eq!(paths, r#"["drive/a","drive/b","drive/c"]"#);
    }

    #[test]
    fn times_are_shown_in_utc_with_milliseconds_before_1970_too() {
        let db = in_memory();
        for (ms, shown) in [
            (0_i64, "1970-01-01T00:00:00.000Z"),
            (1_509_617_472_345, "2017-11-02T10:11:12.345Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-2_208_988_800_001, "1899-12-31T23:59:59.999Z"),
        ] {
            let insert = "INSERT OR REPLACE INTO history VALUES (1, 1, ?1, 'added', 'a', NULL)";
            db.execute(insert, [ms]).unwrap();
            let at: String =
                db.query_row("SELECT at FROM v_history", [], |row| row.get("at")).unwrap();
            assert_eq!(at, shown);
        }
    }

    /// Every table, index and view, with its columns as SQLite has understood them.
    fn objects(db: &Connection) -> Vec<String> {
        let sql = "SELECT o.type || ' ' || o.name || '.' || coalesce(c.name, '') || ' '
                       || coalesce(c.type, '') || coalesce(c.\"notnull\", '') || coalesce(c.pk, '')
                     FROM sqlite_schema o LEFT JOIN pragma_table_xinfo(o.name) c ORDER BY 1";
        let mut query = db.prepare(sql).unwrap();
        query.raw_query().mapped(|row| row.get(0)).map(Result::unwrap).collect()
    }

    fn query_files() -> impl Iterator<Item = (String, String)> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/queries");
        let folders = std::fs::read_dir(&root).unwrap().map(|folder| folder.unwrap().path());
        let files = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap());
        files.map(move |file| {
            let path = file.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().with_extension("");
            (name.display().to_string(), std::fs::read_to_string(&path).unwrap())
        })
    }
}

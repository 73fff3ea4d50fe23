//! Reads an index without leaving a trace beside it: for commands that only look,
//! and for a dry run's copy.
//!
//! SQLite writes even when it reads: to read a WAL it makes a `-shm` file, and for an
//! index in WAL mode that has none an empty `-wal`. So an index that nobody has open
//! is read as one that cannot change, and of one that a run has open the `-shm` is
//! used as it is.

use std::ffi::OsString;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use url::Url;

use super::schema::{VERSION, version};
use super::{Error, in_file, plain, prepare};

/// How long the header of a WAL is, in bytes. A run that was killed may leave one of which
/// nothing follows: SQLite cannot read that without writing, and it says nothing.
const WAL_HEADER: u64 = 32;

/// How often an index is copied that a run begins to write to meanwhile.
const ATTEMPTS: u32 = 3;

/// Opens the index at `path` for reading only. Beside a run it shows what was last
/// recorded.
///
/// # Errors
///
/// [`Error::Missing`]; [`Error::TooNew`]; [`Error::Damaged`], also where it is empty;
/// [`Error::Sqlite`].
pub fn open_read_only(path: &Path) -> Result<Connection, Error> {
    let db = open(path)?;
    match version(&db, path).map_err(|error| error.of_file(path))? {
        Some(VERSION) => Ok(db),
        None => Err(Error::Damaged { path: path.to_owned(), cause: "it is empty".to_owned() }),
        // Brought up to date, it is read as any other.
        Some(_) => open_copy(path),
    }
}

/// Opens a temporary copy of the index at `path`: what is written to it is gone when it
/// is closed. The copy is of one moment, also where a run is writing.
///
/// # Errors
///
/// As [`open_read_only`], and [`Error::Sqlite`] if there is no room for temporary files.
pub fn open_copy(path: &Path) -> Result<Connection, Error> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let before = State::of(path);
        let copied = open(path).and_then(|db| copy(&db));
        if before == State::of(path) || before.has_wal || attempts == ATTEMPTS {
            return prepare(copied?, path).map_err(|error| error.of_file(path));
        }
    }
}

/// Opens an index that is new and gone when it is closed.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn open_temporary() -> Result<Connection, Error> {
    prepare(temporary()?, Path::new("a temporary index"))
}

/// SQLite's own sort of temporary database: in a file without a name, so that also a
/// program that is killed leaves nothing.
fn temporary() -> Result<Connection, Error> {
    Ok(Connection::open("")?)
}

/// Says whether something was written that is not yet in the index itself.
pub(super) fn has_wal(path: &Path) -> bool {
    State::of(path).has_wal
}

/// What tells whether somebody has written to an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    written: Option<(u64, SystemTime)>,
    has_wal: bool,
    has_shm: bool,
}

impl State {
    fn of(path: &Path) -> Self {
        let stamp = |meta: Metadata| Some((meta.len(), meta.modified().ok()?));
        Self {
            written: path.symlink_metadata().ok().and_then(stamp),
            has_wal: beside(path, "-wal")
                .symlink_metadata()
                .is_ok_and(|meta| meta.len() > WAL_HEADER),
            has_shm: beside(path, "-shm").exists(),
        }
    }
}

fn open(path: &Path) -> Result<Connection, Error> {
    plain::check(path)?;
    let state = State::of(path);
    if state.written.is_none() {
        return Err(Error::Missing { path: path.to_owned() });
    }
    let how = match state {
        State { has_wal: false, .. } => "immutable=1",
        State { has_shm: true, .. } => "readonly_shm=1",
        // Somebody copied it without its `-shm`: nobody has this one open.
        State { has_shm: false, .. } => return open_elsewhere(path),
    };
    let in_file = |error| in_file(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(uri(path, how)?, flags).map_err(in_file)?;
    db.busy_timeout(Duration::from_secs(10))?;
    // Opening reads nothing: the first question tells whether it is an index.
    db.pragma_query_value(None, "schema_version", |_| Ok(())).map_err(in_file)?;
    Ok(db)
}

fn open_elsewhere(path: &Path) -> Result<Connection, Error> {
    let failed = |cause: std::io::Error| Error::Uncopied { path: path.to_owned(), cause };
    let folder = tempfile::tempdir().map_err(failed)?;
    let there = folder.path().join("index.db");
    for suffix in ["", "-wal"] {
        std::fs::copy(beside(path, suffix), beside(&there, suffix)).map_err(failed)?;
    }
    copy(&Connection::open(&there).map_err(|error| in_file(path, error))?)
}

fn copy(db: &Connection) -> Result<Connection, Error> {
    let mut copy = temporary()?;
    // All at once: in parts, a run that writes meanwhile would make it begin anew each time.
    let all = -1;
    Backup::new(db, &mut copy)?.step(all)?;
    Ok(copy)
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

fn uri(path: &Path, how: &str) -> Result<String, Error> {
    let failed = |cause| Error::Uncopied { path: path.to_owned(), cause };
    let whole = std::path::absolute(plain::without_links(path)).map_err(failed)?;
    let no_path = || failed(std::io::ErrorKind::InvalidFilename.into());
    let mut url = Url::from_file_path(whole).map_err(|()| no_path())?;
    url.set_query(Some(how));
    Ok(url.into())
}

#[cfg(test)]
mod tests {
    use super::super::open as open_for_writing;
    use super::*;
    use crate::index::archive;

    /// What is in a folder: names, lengths, times.
    fn trace(folder: &Path) -> Vec<(OsString, u64, SystemTime)> {
        let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
        let mut trace: Vec<_> = entries
            .map(|entry| {
                let meta = entry.metadata().unwrap();
                (entry.file_name(), meta.len(), meta.modified().unwrap())
            })
            .collect();
        trace.push(("".into(), 0, folder.metadata().unwrap().modified().unwrap()));
        trace.sort();
        trace
    }

    fn name(db: &Connection) -> Option<String> {
        archive::get(db).unwrap().account_name
    }

    #[test]
    fn reading_leaves_no_trace_and_sees_what_was_recorded_last() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("with space?#%.db");
        let writer = open_for_writing(&path).unwrap();
        archive::bind(&writer, "1", "ann", "c").unwrap();
        // In the WAL, which the writer has open.
        let before = trace(folder.path());
        assert!(State::of(&path).has_wal);
        for db in [open_read_only(&path).unwrap(), open_copy(&path).unwrap()] {
            assert_eq!(name(&db).as_deref(), Some("ann"));
        }
        assert_eq!(trace(folder.path()), before);
        drop(writer);
        // In the file itself, which nobody has open.
        let before = trace(folder.path());
        assert!(!State::of(&path).has_wal);
        for db in [open_read_only(&path).unwrap(), open_copy(&path).unwrap()] {
            assert_eq!(name(&db).as_deref(), Some("ann"));
        }
        assert_eq!(trace(folder.path()), before);
    }

    #[test]
    fn an_index_that_was_copied_without_its_shared_memory_is_read_with_its_wal() {
        let folder = tempfile::tempdir().unwrap();
        let (path, there) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let writer = open_for_writing(&path).unwrap();
        archive::bind(&writer, "1", "ann", "c").unwrap();
        for suffix in ["", "-wal"] {
            std::fs::copy(beside(&path, suffix), beside(&there, suffix)).unwrap();
        }
        let before = trace(folder.path());
        assert_eq!(name(&open_read_only(&there).unwrap()).as_deref(), Some("ann"));
        assert_eq!(trace(folder.path()), before);
    }

    #[test]
    fn an_index_whose_run_was_killed_before_it_recorded_anything_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (path, there) = (folder.path().join("a.db"), folder.path().join("b.db"));
        let writer = open_for_writing(&path).unwrap();
        archive::bind(&writer, "1", "ann", "c").unwrap();
        let header = std::fs::read(beside(&path, "-wal")).unwrap()[..32].to_vec();
        drop(writer);
        std::fs::copy(&path, &there).unwrap();
        std::fs::copy(&path, beside(&there, "-shm")).unwrap();
        let mut wal = std::fs::File::create(beside(&there, "-wal")).unwrap();
        std::io::Write::write_all(&mut wal, &header).unwrap();
        let before = trace(folder.path());
        assert_eq!(name(&open_read_only(&there).unwrap()).as_deref(), Some("ann"));
        assert_eq!(trace(folder.path()), before);
    }

    #[test]
    fn a_copy_is_written_to_and_the_index_stays_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index.db");
        drop(open_for_writing(&path).unwrap());
        let before = trace(folder.path());
        let copy = open_copy(&path).unwrap();
        archive::bind(&copy, "1", "ann", "c").unwrap();
        assert_eq!(name(&copy).as_deref(), Some("ann"));
        assert_eq!(name(&open_read_only(&path).unwrap()), None);
        assert_eq!(trace(folder.path()), before);
    }

    #[test]
    fn what_is_no_index_is_told_as_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::io::Write::write_all(
            &mut std::fs::File::create(path("diary")).unwrap(),
            &b"this is a diary, and not a database of any kind".repeat(40),
        )
        .unwrap();
        drop(std::fs::File::create(path("empty")).unwrap());
        for (name, missing) in [("diary", false), ("empty", false), ("nothing", true)] {
            let error = open_read_only(&path(name)).unwrap_err();
            assert_eq!(matches!(error, Error::Missing { .. }), missing, "{error}");
            assert_eq!(matches!(error, Error::Damaged { .. }), !missing, "{error}");
        }
        assert!(matches!(open_copy(&path("diary")).unwrap_err(), Error::Damaged { .. }));
    }
}

//! Whether an index is sound, by SQLite's own word.

use std::path::Path;

use rusqlite::Connection;

use super::schema::VERSION;
use super::{Error, reading, run};

/// How many faults are told.
const FAULTS_MAX: u32 = 5;

/// Returns what is wrong with the index: the first faults, none if it is sound. Reads
/// all of it.
///
/// # Errors
///
/// [`Error::Sqlite`] if it cannot even be looked at.
pub fn faults(db: &Connection) -> Result<Vec<String>, Error> {
    let mut faults = damage(db)?;
    let dangling = dangling(db)?.into_iter();
    faults.extend(dangling.map(|(table, parent)| {
        format!("a row of {table} names one of {parent} that is not there")
    }));
    faults.truncate(FAULTS_MAX as usize);
    Ok(faults)
}

/// Opens the index at `path` for writing, by `open`, and says whether it is in doubt: the last run did
/// not come to its end, or something of it is not yet in the index itself.
///
/// # Errors
///
/// As [`super::open`].
pub fn open(
    path: &Path,
    open: impl FnOnce(&Path) -> Result<Connection, Error>,
) -> Result<(Connection, bool), Error> {
    let has_wal = reading::has_wal(path);
    let db = open(path)?;
    let was_cut_off = run::last(&db)?.is_some_and(|last| last.finished_at.is_none());
    Ok((db, has_wal || was_cut_off))
}

/// Has SQLite read all of the index and see whether its pages are what it wrote.
///
/// # Errors
///
/// [`Error::Damaged`] if they are not; [`Error::Sqlite`].
pub fn check(db: &Connection) -> Result<(), Error> {
    check_of(db, Path::new(db.path().unwrap_or("index.db")))
}

/// The same, told of the file at `path`.
pub(super) fn check_of(db: &Connection, path: &Path) -> Result<(), Error> {
    let faults = damage(db).map_err(|error| error.of_file(path))?;
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::Damaged { path: path.to_owned(), cause: faults.join("; ") })
}

fn damage(db: &Connection) -> Result<Vec<String>, Error> {
    let mut faults = Vec::new();
    db.pragma(None, "quick_check", FAULTS_MAX, |row| {
        faults.push(row.get::<_, String>(0)?);
        Ok(())
    })?;
    faults.retain(|fault| fault != "ok");
    Ok(faults)
}

/// Returns the tables of rows that name a row which is not there, each with the table of
/// that, the first few.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn dangling(db: &Connection) -> Result<Vec<(String, String)>, Error> {
    let mut dangling = Vec::new();
    db.pragma_query(None, "foreign_key_check", |row| {
        if dangling.len() < FAULTS_MAX as usize {
            dangling.push((row.get(0)?, row.get(2)?));
        }
        Ok(())
    })?;
    Ok(dangling)
}

/// The version of the schema that this program reads and writes.
#[must_use]
pub const fn version() -> usize {
    VERSION
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::in_memory;

    #[test]
    fn a_sound_index_has_no_faults_and_a_row_that_leads_nowhere_is_one() {
        let db = in_memory();
        assert_eq!(faults(&db).unwrap(), Vec::<String>::new());
        db.pragma_update(None, "foreign_keys", false).unwrap();
        db.execute("INSERT INTO album_item VALUES (1, 1, 1)", []).unwrap();
        let found = faults(&db).unwrap();
        assert!(found.iter().any(|fault| fault.contains("album_item")), "{found:?}");
    }
}

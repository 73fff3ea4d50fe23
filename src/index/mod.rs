//! The SQLite index. The only module that knows that SQL is spoken here.
//!
//! Every statement is a file below `sql/queries/`, named after the function
//! that runs it: `sql/queries/item/find.sql` is run by `index::item::find`.
//! Functions take the connection and do one thing; transactions are the
//! engine's to begin and to end.

pub mod archive;
pub mod crawl;
pub mod file;
pub mod history;
pub mod item;
pub mod link;
pub mod place;
pub mod problem;
pub mod run;
pub mod step;
mod value;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

/// Loads `sql/queries/NAME.sql` at compile time.
macro_rules! sql {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/sql/queries/", $name, ".sql"))
    };
}
pub(crate) use sql;

const SCHEMA: &str = include_str!("../../sql/schema.sql");

/// What brings an index of version n to n + 1, from version 1 on. `schema.sql`
/// is what comes out at the end; a test holds the two against each other.
const MIGRATIONS: &[&str] = &[];

/// The version of `schema.sql`, kept in SQLite's `user_version`.
const VERSION: usize = 1 + MIGRATIONS.len();

/// Why the index could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
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
    /// The file is there and is no index, or no longer.
    #[error("{} is damaged, or not an index: {cause}", path.display())]
    Damaged {
        /// The index.
        path: PathBuf,
        /// What SQLite says of it.
        cause: String,
    },
    /// SQLite refused.
    #[error("the index could not be used: {0}")]
    Sqlite(#[from] rusqlite::Error),
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
/// is no index; [`Error::Sqlite`] if it cannot be opened.
pub fn open(path: &Path) -> Result<Connection, Error> {
    let in_file = |error: rusqlite::Error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            Error::Damaged { path: path.to_owned(), cause: error.to_string() }
        }
        _ => Error::Sqlite(error),
    };
    let db = Connection::open_with_flags(path, OpenFlags::default()).map_err(in_file)?;
    prepare(db, path).map_err(|error| match error {
        Error::Sqlite(error) => in_file(error),
        other => other,
    })
}

/// Opens an index that is only in memory, for a run that writes nothing.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn open_in_memory() -> Result<Connection, Error> {
    prepare(Connection::open_in_memory()?, Path::new("in memory"))
}

/// Writes a copy of the index to `path`, as it is now.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn back_up(db: &Connection, path: &Path) -> Result<(), Error> {
    let mut copy = Connection::open(path)?;
    let pages_at_a_time = 4096;
    rusqlite::backup::Backup::new(db, &mut copy)?.run_to_completion(
        pages_at_a_time,
        Duration::ZERO,
        None,
    )?;
    Ok(())
}

fn prepare(mut db: Connection, path: &Path) -> Result<Connection, Error> {
    db.busy_timeout(Duration::from_secs(10))?;
    db.pragma_update(None, "journal_mode", "wal")?;
    // What a transaction recorded must be there after a power cut: files are
    // made durable before their rows, and a lost row would fetch them again.
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "foreign_keys", true)?;
    // Negative: KiB. Enough for the upper pages of the indices of a million items.
    db.pragma_update(None, "cache_size", -16_384)?;
    db.pragma_update(None, "temp_store", "file")?;
    db.set_prepared_statement_cache_capacity(128);
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: usize = tx.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match found {
        0 => tx.execute_batch(SCHEMA)?,
        found if found > VERSION => {
            return Err(Error::TooNew { path: path.to_owned(), found });
        }
        found => MIGRATIONS[found - 1..].iter().try_for_each(|sql| tx.execute_batch(sql))?,
    }
    tx.pragma_update(None, "user_version", VERSION)?;
    tx.commit()?;
    Ok(db)
}

#[cfg(test)]
pub(crate) fn in_memory() -> Connection {
    open_in_memory().unwrap()
}

//! The tables of the index, and how those of an older version become today's.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{Error, archive, item};

pub(super) const SCHEMA: &str = include_str!("../../sql/schema.sql");

/// What brings an index of version n to n + 1, from version 1 on. `schema.sql`
/// is what comes out at the end; a test holds the two against each other.
pub(super) const MIGRATIONS: &[&str] = &[
    include_str!("../../sql/migrations/0002.sql"),
    include_str!("../../sql/migrations/0003.sql"),
    include_str!("../../sql/migrations/0004.sql"),
];

/// The version of `schema.sql`, kept in SQLite's `user_version`.
pub(super) const VERSION: usize = 1 + MIGRATIONS.len();

/// Returns the version of an index; `None` if there is nothing in it yet.
///
/// # Errors
///
/// [`Error::TooNew`]; [`Error::Foreign`]; [`Error::Damaged`] if it is an index, and what it
/// says of its version cannot be; [`Error::Sqlite`].
pub(super) fn version(db: &Connection, path: &Path) -> Result<Option<usize>, Error> {
    let found: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let (objects, is_ours) = archive::objects(db)?;
    let path = path.to_owned();
    match usize::try_from(found) {
        Ok(0) if objects == 0 => Ok(None),
        _ if !is_ours => Err(Error::Foreign { path }),
        Ok(found @ 1..=VERSION) => Ok(Some(found)),
        Ok(found @ 1..) => Err(Error::TooNew { path, found }),
        Ok(0) | Err(_) => {
            Err(Error::Damaged { path, cause: format!("its version is said to be {found}") })
        }
    }
}

/// Makes the tables of a new index, or brings those of an older one up to date.
pub(super) fn upgrade(db: &mut Connection, path: &Path) -> Result<(), Error> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    match version(&tx, path)? {
        Some(found) => MIGRATIONS[found - 1..]
            .iter()
            .try_for_each(|sql| tx.execute_batch(sql))
            // It has what only a newer version should have.
            .map_err(|error| Error::Damaged { path: path.to_owned(), cause: error.to_string() })?,
        None => tx.execute_batch(SCHEMA)?,
    }
    item::make_indices(&tx)?;
    tx.pragma_update(None, "user_version", VERSION)?;
    Ok(tx.commit()?)
}

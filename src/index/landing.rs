//! Rows of `landing`: fetched files that are about to get their places, of sources that
//! state no checksum.

use rusqlite::{Connection, OptionalExtension as _, named_params};

use super::{Error, sql, value};
use crate::model::Sha256;

/// Records, before the bytes of an item get their place, which they are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, item: i64, sha256: Sha256) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("landing/put"))?;
    query.execute(named_params! { ":item": item, ":sha256": sha256.0 })?;
    Ok(())
}

/// Returns which bytes of an item were about to get their place, and may have got it.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn get(db: &Connection, item: i64) -> Result<Option<Sha256>, Error> {
    let mut query = db.prepare_cached(sql!("landing/get"))?;
    let bytes: Option<Vec<u8>> =
        query.query_row(named_params! { ":item": item }, |row| row.get("sha256")).optional()?;
    value::sha256(bytes)
}

/// Records that what became of them is recorded.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, item: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("landing/remove"))?.execute(named_params! { ":item": item })?;
    Ok(())
}

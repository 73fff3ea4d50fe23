//! How much the archive has of what there is, in numbers, for the closing words and
//! for `status`. Each of these looks once at everything that it counts.

use rusqlite::{Connection, named_params};

use super::{Error, sql};
use crate::model::SourceId;

/// How much the archive has of a source.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Items whose bytes it has.
    pub items: u64,
    /// Of these, those whose bytes are in the file of another item.
    pub elsewhere: u64,
    /// How many bytes the files of the others have.
    pub bytes: u64,
}

/// How much is in the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trash {
    /// How many files.
    pub files: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Returns how much the archive has of `source`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn held(db: &Connection, source: SourceId) -> Result<Held, Error> {
    let mut query = db.prepare_cached(sql!("coverage/held"))?;
    Ok(query.query_row(named_params! { ":source": source.as_str() }, |row| {
        Ok(Held {
            items: row.get("items")?,
            elsewhere: row.get("elsewhere")?,
            bytes: row.get("bytes")?,
        })
    })?)
}

/// Says whether `source` was ever listed to its end.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn listed(db: &Connection, source: SourceId) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("coverage/listed"))?;
    Ok(query.query_row(named_params! { ":source": source.as_str() }, |row| row.get("listed"))?)
}

/// Returns how many items `source` shows, of those that are in no folder of it.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn shown(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("coverage/shown"))?;
    Ok(query.query_row(named_params! { ":source": source.as_str() }, |row| row.get("items"))?)
}

/// Returns how many files the archive has of which no source has anything any more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn gone(db: &Connection) -> Result<u64, Error> {
    Ok(db.prepare_cached(sql!("coverage/gone"))?.query_row([], |row| row.get("files"))?)
}

/// Returns how many albums have a folder in the archive.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn albums(db: &Connection) -> Result<u64, Error> {
    Ok(db.prepare_cached(sql!("coverage/albums"))?.query_row([], |row| row.get("albums"))?)
}

/// Returns how much lies in the trash.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn trash(db: &Connection) -> Result<Trash, Error> {
    Ok(db
        .prepare_cached(sql!("coverage/trash"))?
        .query_row([], |row| Ok(Trash { files: row.get("files")?, bytes: row.get("bytes")? }))?)
}

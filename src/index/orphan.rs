//! Rows that nothing belongs to any more. No run leaves any: the index was damaged, or
//! somebody wrote to it.

use rusqlite::{Connection, named_params};

use super::{Error, sql};

/// A row that nothing belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orphan {
    /// Its number.
    pub row: i64,
    /// Its path, or its title.
    pub name: String,
}

/// Returns files that hold no item's bytes, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn files(db: &Connection, after: i64, most: u32) -> Result<Vec<Orphan>, Error> {
    let mut query = db.prepare_cached(sql!("orphan/files"))?;
    let rows = query.query_map(named_params! { ":after": after, ":most": most }, |row| {
        Ok(Orphan { row: row.get("id")?, name: row.get("path")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns selected items that are neither held nor to be fetched, from after row `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn items(db: &Connection, after: i64, most: u32) -> Result<Vec<Orphan>, Error> {
    let mut query = db.prepare_cached(sql!("orphan/items"))?;
    let rows = query.query_map(named_params! { ":after": after, ":most": most }, |row| {
        Ok(Orphan { row: row.get("id")?, name: row.get("title")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has an item fetched by the next run.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn fetch(db: &Connection, item: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("orphan/fetch"))?.execute(named_params! { ":item": item })?;
    Ok(())
}

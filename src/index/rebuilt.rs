//! Rows of `rebuilt`: the sources of which an earlier index knows no more than this one.

use rusqlite::{Connection, named_params};

use super::{Error, sql};
use crate::model::SourceId;

/// Says whether all was looked for that an earlier index may have known of `source`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn has(db: &Connection, source: SourceId) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("rebuilt/has"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("has"))?)
}

/// Records that all was looked for that an earlier index may have known of `source`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn add(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("rebuilt/add"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Records that an earlier index may have known more of every source.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("rebuilt/clear"))?.execute([])?;
    Ok(())
}

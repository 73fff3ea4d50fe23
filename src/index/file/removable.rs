//! Files whose items are gone, and who else holds them.

use rusqlite::{Connection, named_params};

use super::Error;
use crate::index::{sql, value};
use crate::model::{ArchivePath, SourceId};

/// Returns the items of `source` that are gone and whose files may go, each with its
/// file's path, in the order of their rows, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn removable(
    db: &Connection,
    source: SourceId,
    after: i64,
    most: u32,
) -> Result<Vec<(i64, ArchivePath)>, Error> {
    let mut query = db.prepare_cached(sql!("file/removable"))?;
    let wanted = named_params! { ":source": source.as_str(), ":after": after, ":most": most };
    let mut rows = query.query(wanted)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push((row.get("item")?, value::path(&row.get::<_, String>("path")?)?));
    }
    Ok(items)
}

/// Returns how many files the items of `source` hold that are gone and whose files may go.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_removable(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("file/count_removable"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("files"))?)
}

/// Says whether an item holds the file in row `file` whose removal is not planned.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_held_further(db: &Connection, file: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("file/is_held_further"))?;
    Ok(query.query_row(named_params! { ":file": file }, |row| row.get("is_held"))?)
}

/// Returns the rows of the items whose bytes the file in row `file` holds.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn items(db: &Connection, file: i64) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("file/items"))?;
    let rows = query.query_map(named_params! { ":file": file }, |row| row.get("item"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

//! Files whose items are gone, and who else holds them.

use rusqlite::{Connection, named_params};

use super::Error;
use crate::index::{sql, value};
use crate::model::{ArchivePath, SourceId, Standing};

/// An item whose file may go by its marks, and what these say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removable {
    /// Its row.
    pub item: i64,
    /// Where its file is.
    pub path: ArchivePath,
    /// How it stands at its source.
    pub standing: Standing,
    /// The account owns it.
    pub owned: bool,
    /// A person put its file back.
    pub kept: bool,
}

/// Returns the items of `source` that are gone and whose files may go, in the order of
/// their rows, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn removable(
    db: &Connection,
    source: SourceId,
    after: i64,
    most: u32,
) -> Result<Vec<Removable>, Error> {
    let mut query = db.prepare_cached(sql!("file/removable"))?;
    let wanted = named_params! { ":source": source.as_str(), ":after": after, ":most": most };
    let mut rows = query.query(wanted)?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(Removable {
            item: row.get("item")?,
            path: value::path(&row.get::<_, String>("path")?)?,
            standing: Standing::of([row.get("gone")?, row.get("trashed")?, row.get("missing")?]),
            owned: row.get("owned")?,
            kept: row.get("kept")?,
        });
    }
    Ok(items)
}

/// Returns how many files leave the trees if all items of `sources` go that are gone;
/// `also_missing`: those as well that a complete listing did not have and that were not
/// asked for yet. A file that several of them hold is one.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_removable(
    db: &Connection,
    sources: &[SourceId],
    also_missing: bool,
) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("file/count_removable"))?;
    let words: Vec<_> = sources.iter().map(|source| format!("\"{}\"", source.as_str())).collect();
    let sources = format!("[{}]", words.join(","));
    let wanted = named_params! { ":sources": sources, ":also_missing": also_missing };
    Ok(query.query_row(wanted, |row| row.get("files"))?)
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

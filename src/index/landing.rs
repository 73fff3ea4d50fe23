//! Rows of `landing`: fetched files that are about to get their places.

use rusqlite::{Connection, named_params};

use super::{Error, sql, value};
use crate::model::{ArchivePath, Sha256};

/// Bytes of an item that are about to get their place, or have got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The item's row.
    pub item: i64,
    /// Their place.
    pub path: ArchivePath,
    /// Which bytes they are.
    pub sha256: Sha256,
    /// Where the item's older bytes go, if it has such.
    pub trash_path: Option<ArchivePath>,
}

/// Records, before the bytes of an item get their place, which they are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, it: &Announced) -> Result<(), Error> {
    db.prepare_cached(sql!("landing/put"))?.execute(named_params! {
        ":item": it.item,
        ":path": it.path.as_str(),
        ":sha256": it.sha256.0,
        ":trash_path": it.trash_path.as_ref().map(ArchivePath::as_str),
    })?;
    Ok(())
}

/// Returns what was about to get its place, and of which no more is recorded: no more
/// than are landed together.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn all(db: &Connection) -> Result<Vec<Announced>, Error> {
    let mut query = db.prepare_cached(sql!("landing/all"))?;
    let mut rows = query.query([])?;
    let mut announced = Vec::new();
    while let Some(row) = rows.next()? {
        let trash_path: Option<String> = row.get("trash_path")?;
        let sha256 = value::sha256(row.get("sha256")?)?;
        announced.push(Announced {
            item: row.get("item")?,
            path: value::path(&row.get::<_, String>("path")?)?,
            sha256: sha256.ok_or_else(|| value::unreadable("a SHA-256", "nothing"))?,
            trash_path: trash_path.map(|text| value::path(&text)).transpose()?,
        });
    }
    Ok(announced)
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

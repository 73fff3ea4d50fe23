//! Rows of `place` and `stale`: the names that items have in their folders.
//!
//! A folder is known by its item's row; the tops of the areas (`drive`,
//! `drive-shared`, ...) have numbers below zero that the engine gives them.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql, value};
use crate::model::{ArchivePath, Form, Md5, Revision, SourceId};

/// Something that hangs in a folder and is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// The item's row.
    pub item: i64,
    /// 0: its own place; more: one of its further folders.
    pub ordinal: i64,
    /// The source's name for it.
    pub remote_id: String,
    /// When it was made, in milliseconds since 1970.
    pub created_ms: i64,
    /// Its title at the source.
    pub title: String,
    /// Of a motion photo's clip: its still.
    pub still: Option<Still>,
    /// In which form it is kept.
    pub form: Form,
    /// The name it was given here, and the one it was given for.
    pub given: Option<Given>,
    /// The file that holds its bytes.
    pub file: Option<ArchivePath>,
    /// The modified time its file bears, and the one that it should, in milliseconds.
    pub modified_ms: (Option<i64>, Option<i64>),
    /// The revision that is held, and the item's own.
    pub revisions: Revisions,
    /// Its length and MD5 by the source's word.
    pub stated: (Option<u64>, Option<Md5>),
    /// Whether its bytes are to be fetched.
    pub due: bool,
}

/// The still that a clip is derived from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    /// Its row.
    pub item: i64,
    /// Its title at the source.
    pub title: String,
}

/// Which bytes an item has, and which of them the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revisions {
    /// What the archive holds.
    pub held: Option<Revision>,
    /// What the source has.
    pub remote: Option<Revision>,
}

/// A name that an item was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The cleaned name it was given for.
    pub wanted: String,
    /// The name on the disk.
    pub name: String,
    /// A folder's path.
    pub path: Option<String>,
}

/// Which place: an item may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlaceKey {
    /// The item's row.
    pub item: i64,
    /// 0: its own place; more: one of its further folders.
    pub ordinal: i64,
}

/// Has the names in `folder` dealt again. Of an item that hangs nowhere, or of which that
/// is not decided, there are none.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_stale(db: &Connection, folder: impl Into<Option<i64>>) -> Result<(), Error> {
    if let Some(folder) = folder.into().filter(|folder| *folder != 0) {
        db.prepare_cached(sql!("place/mark_stale"))?
            .execute(named_params! { ":folder": folder })?;
    }
    Ok(())
}

/// Has the names dealt again in all folders with something of `source` to fetch: what is
/// on the disk in its place is looked at then.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_due_stale(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("place/mark_due_stale"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Says whether any folder's names have to be dealt again.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_stale(db: &Connection) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("place/is_stale"))?;
    Ok(query.query_row([], |row| row.get("is_stale"))?)
}

/// Records that all names are dealt.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear_stale(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("place/clear_stale"))?.execute([])?;
    Ok(())
}

/// Records that names have been dealt in the folders whose number is `highest` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear_stale_to(db: &Connection, highest: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("place/clear_stale_to"))?;
    query.execute(named_params! { ":highest": highest })?;
    Ok(())
}

/// Returns the folders whose names have to be dealt again, each as (depth, folder).
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn stale(db: &Connection) -> Result<Vec<(i64, i64)>, Error> {
    let mut query = db.prepare_cached(sql!("place/stale"))?;
    let rows = query.query_map([], |row| Ok((row.get("depth")?, row.get("start")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Decides which folders and which shortcuts are kept, and marks the folders
/// that gain or lose one as stale.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_needed(db: &Connection) -> Result<(), Error> {
    mark_links(db)?;
    mark_where(db, sql!("place/mark_needed"))
}

fn mark_links(db: &Connection) -> Result<(), Error> {
    mark_where(db, sql!("place/mark_links"))
}

fn mark_where(db: &Connection, sql: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql)?;
    let folders = query.query_map([], |row| row.get("folder"))?;
    let folders: Vec<Option<i64>> = folders.collect::<Result<_, _>>()?;
    folders.into_iter().try_for_each(|folder| mark_stale(db, folder))
}

/// Returns a folder that hangs in no area because its ancestors form a circle.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn adrift(db: &Connection) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("place/adrift"))?;
    Ok(query.query_row([], |row| row.get("id")).optional()?)
}

/// Hangs the folder `item` at the top of `area`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_adrift(db: &Connection, item: i64, area: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("place/set_adrift"))?;
    query.execute(named_params! { ":id": item, ":folder": area })?;
    mark_stale(db, area)
}

/// Takes their names from items that no longer hang in `folder`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn drop_strays(db: &Connection, folder: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("place/drop_strays"))?.execute(named_params! { ":folder": folder })?;
    Ok(())
}

/// Returns what hangs in `folder` and is kept, in no order.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn children(db: &Connection, folder: i64) -> Result<Vec<Child>, Error> {
    let mut query = db.prepare_cached(sql!("place/children"))?;
    let mut rows = query.query(named_params! { ":folder": folder })?;
    let mut children = Vec::new();
    while let Some(row) = rows.next()? {
        children.push(read_child(row)?);
    }
    Ok(children)
}

/// Gives an item its name in a folder; `path` is a folder's own.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if another item has that name there: names
/// are dealt so that this does not happen, and it is worth stopping at.
pub fn put(db: &Connection, key: PlaceKey, folder: i64, given: &Given) -> Result<(), Error> {
    db.prepare_cached(sql!("place/put"))?.execute(named_params! {
        ":item": key.item,
        ":ordinal": key.ordinal,
        ":folder": folder,
        ":wanted": given.wanted,
        ":name": given.name,
        ":path": given.path,
    })?;
    Ok(())
}

/// Takes its name from an item, wherever it is.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, key: PlaceKey) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("place/remove"))?;
    query.execute(named_params! { ":item": key.item, ":ordinal": key.ordinal })?;
    Ok(())
}

/// Returns the path of the folder `item`, if it has one.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn folder_path(db: &Connection, item: i64) -> Result<Option<ArchivePath>, Error> {
    let mut query = db.prepare_cached(sql!("place/folder_path"))?;
    let path =
        query.query_row(named_params! { ":item": item }, |row| row.get("path")).optional()?;
    let path: Option<String> = path.flatten();
    path.map(|text| value::path(&text)).transpose()
}

fn read_child(row: &Row<'_>) -> Result<Child, Error> {
    let file: Option<String> = row.get("file_path")?;
    let wanted: Option<String> = row.get("wanted")?;
    let still: Option<i64> = row.get("still")?;
    Ok(Child {
        item: row.get("id")?,
        ordinal: row.get("ordinal")?,
        remote_id: row.get("remote_id")?,
        created_ms: row.get::<_, Option<i64>>("created_at")?.unwrap_or(i64::MAX),
        title: row.get("title")?,
        still: match still {
            Some(item) => Some(Still { item, title: row.get("still_title")? }),
            None => None,
        },
        form: value::form(row)?.ok_or_else(|| value::unreadable("a form", "nothing"))?,
        given: match wanted {
            Some(wanted) => Some(Given { wanted, name: row.get("name")?, path: row.get("path")? }),
            None => None,
        },
        file: file.map(|text| value::path(&text)).transpose()?,
        modified_ms: (row.get("held_at")?, row.get("modified_at")?),
        revisions: Revisions {
            held: row.get::<_, Option<String>>("held")?.map(Revision),
            remote: row.get::<_, Option<String>>("revision")?.map(Revision),
        },
        stated: (row.get("size_bytes")?, value::md5(row.get("md5")?)?),
        due: row.get("due")?,
    })
}

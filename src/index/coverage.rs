//! How much the archive has of what there is, in numbers, for the closing words and
//! for `status`. Each of these looks once at everything that it counts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, Statement, named_params};

use super::{Error, sql, value};
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

/// How much the archive has of each source of which it has anything.
pub type HeldBySource = BTreeMap<SourceId, Held>;

/// Returns how much the archive has, by looking at all that it has.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn held(db: &Connection) -> Result<HeldBySource, Error> {
    read(&mut *db.prepare_cached(sql!("coverage/held"))?)
}

/// Returns how much the archive has, as [`count`] counted it.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn counted(db: &Connection) -> Result<HeldBySource, Error> {
    read(&mut *db.prepare_cached(sql!("coverage/counted"))?)
}

fn read(query: &mut Statement<'_>) -> Result<HeldBySource, Error> {
    let mut rows = query.query([])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let source: String = row.get("source")?;
        let source =
            SourceId::parse(&source).ok_or_else(|| value::unreadable("a source", &source))?;
        let held = Held {
            items: row.get("items")?,
            elsewhere: row.get("elsewhere")?,
            bytes: row.get("bytes")?,
        };
        found.insert(source, held);
    }
    Ok(found)
}

/// Counts how much the archive has of each source, for [`counted`].
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count(db: &Connection) -> Result<(), Error> {
    forget(db)?;
    db.prepare_cached(sql!("coverage/count"))?.execute([])?;
    Ok(())
}

fn forget(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("coverage/forget"))?.execute([])?;
    Ok(())
}

/// Says whether it was counted.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_counted(db: &Connection) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("coverage/is_counted"))?;
    Ok(query.query_row([], |row| row.get("is_counted"))?)
}

/// Has it noticed, from now on, when anything changes that [`count`] goes by: then what is
/// returned becomes true.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn watch(db: &mut Connection) -> Result<Arc<AtomicBool>, Error> {
    let changed = Arc::new(AtomicBool::new(false));
    let noticed = Arc::clone(&changed);
    db.update_hook(Some(move |_, _: &str, table: &str, _| {
        if matches!(table, "holding" | "file" | "item") {
            noticed.store(true, Ordering::Relaxed);
        }
    }))?;
    Ok(changed)
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

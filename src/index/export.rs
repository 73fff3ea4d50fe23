//! Rows of `export`: Google Takeout's exports.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, named_params};

use super::{Error, sql, value};

/// An export of which more was read since it was worked out what belongs to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Its row.
    pub row: i64,
    /// When it was made, by its name.
    pub made_at: Option<DateTime<Utc>>,
}

/// An export, and how many parts of it there are, or were when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Its row.
    pub row: i64,
    /// What the names of its parts begin with.
    pub name: String,
    /// When it was made, by its name; else when it was first seen.
    pub made_at: DateTime<Utc>,
    /// Whether its name tells when it was made.
    pub is_dated: bool,
    /// How many parts.
    pub parts: u64,
    /// Of how many all is known.
    pub read: u64,
    /// How many bytes the parts have.
    pub bytes: u64,
}

/// Returns the row of the export of that name, which is new if there is none.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn find_or_add(
    db: &Connection,
    name: &str,
    made_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    add(db, name, made_at, now)?;
    find(db, name)
}

fn add(
    db: &Connection,
    name: &str,
    made_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    db.prepare_cached(sql!("export/add"))?.execute(named_params! {
        ":name": name,
        ":made_at": made_at.map(|at| at.timestamp_millis()),
        ":found_at": now.timestamp_millis(),
    })?;
    Ok(())
}

fn find(db: &Connection, name: &str) -> Result<i64, Error> {
    let mut query = db.prepare_cached(sql!("export/find"))?;
    Ok(query.query_row(named_params! { ":name": name }, |row| row.get("id"))?)
}

/// Has it worked out anew what belongs to what in an export.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_stale(db: &Connection, export: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("export/mark_stale"))?.execute(named_params! { ":export": export })?;
    Ok(())
}

/// Has it worked out anew what belongs to what in all exports.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_all_stale(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("export/mark_all_stale"))?.execute([])?;
    Ok(())
}

/// Records that it is worked out what belongs to what in an export.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn settle(db: &Connection, export: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("export/settle"))?.execute(named_params! { ":export": export })?;
    Ok(())
}

/// Returns the oldest export of which it has to be worked out what belongs to what.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn stale(db: &Connection) -> Result<Option<Stale>, Error> {
    let mut query = db.prepare_cached(sql!("export/stale"))?;
    let mut rows = query.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let made_at: Option<i64> = row.get("made_at")?;
    Ok(Some(Stale { row: row.get("id")?, made_at: made_at.map(value::time).transpose()? }))
}

/// Returns all exports, the newest first.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn all(db: &Connection) -> Result<Vec<Export>, Error> {
    let mut query = db.prepare_cached(sql!("export/all"))?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let made_at: Option<i64> = row.get("made_at")?;
        found.push(Export {
            row: row.get("id")?,
            name: row.get("name")?,
            made_at: value::time(made_at.map_or_else(|| row.get("found_at"), Ok)?)?,
            is_dated: made_at.is_some(),
            parts: row.get("parts")?,
            read: row.get("read")?,
            bytes: row.get("bytes")?,
        });
    }
    Ok(found)
}

/// An export whose parts in Drive nothing is lost by if they go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removable {
    /// Its row.
    pub row: i64,
    /// What the names of its parts begin with.
    pub name: String,
    /// How many of its parts are in Drive.
    pub parts: u64,
    /// How many bytes they have.
    pub bytes: u64,
}

/// Returns the exports of whose parts in Drive all is read, and every file is in a file of the
/// archive that has its length and its CRC-32 and was found right by the verification that
/// began at `began`; the newest first. Whether a part is missing is not looked at.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn removable(db: &Connection, began: DateTime<Utc>) -> Result<Vec<Removable>, Error> {
    let mut query = db.prepare_cached(sql!("export/removable"))?;
    let rows = query.query_map(named_params! { ":began": began.timestamp_millis() }, |row| {
        Ok(Removable {
            row: row.get("id")?,
            name: row.get("name")?,
            parts: row.get("parts")?,
            bytes: row.get("bytes")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

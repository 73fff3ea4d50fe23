//! Rows of `provenance`: what Google Takeout knows of items beside what all sources know.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, named_params};

use super::{Error, sql, value};
use crate::model::{MatchRule, TakenFrom};

/// When something was taken, and how that is known.
pub type Taken = (DateTime<Utc>, TakenFrom);

/// What Takeout knows of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provenance<'a> {
    /// The export that told it: a row.
    pub export: i64,
    /// Its sidecar: a row.
    pub sidecar: Option<i64>,
    /// How that was found.
    pub rule: MatchRule,
    /// Its address in Google Photos.
    pub url: Option<&'a str>,
    /// How it came into the library, in Google's words.
    pub origin: Option<&'a str>,
    /// It is in the locked folder.
    pub locked: bool,
    /// Its sidecar tells when it was taken.
    pub is_dated: bool,
}

/// Who told of an item last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its sidecar: a row.
    pub sidecar: Option<i64>,
    /// When the export was made that it is of, as far as that is known.
    pub made_at: Option<DateTime<Utc>>,
}

/// Records what is known of an item.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, item: i64, provenance: &Provenance<'_>) -> Result<(), Error> {
    db.prepare_cached(sql!("provenance/put"))?.execute(named_params! {
        ":item": item,
        ":export": provenance.export,
        ":sidecar": provenance.sidecar,
        ":match_rule": provenance.rule.as_str(),
        ":url": provenance.url,
        ":origin": provenance.origin,
        ":locked": provenance.locked,
        ":is_dated": provenance.is_dated,
    })?;
    Ok(())
}

/// Returns who told of an item last, if anybody did.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn get(db: &Connection, item: i64) -> Result<Option<Told>, Error> {
    let mut query = db.prepare_cached(sql!("provenance/get"))?;
    let mut rows = query.query(named_params! { ":item": item })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let made_at: Option<i64> = row.get("made_at")?;
    Ok(Some(Told { sidecar: row.get("sidecar")?, made_at: made_at.map(value::time).transpose()? }))
}

/// Returns the items with that address in Google Photos.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn of_url(db: &Connection, url: &str) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("provenance/of_url"))?;
    let rows = query.query_map(named_params! { ":url": url }, |row| row.get("item"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns how many items have no sidecar.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_unmatched(db: &Connection) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("provenance/count_unmatched"))?;
    Ok(query.query_row([], |row| row.get("items"))?)
}

/// Returns items of which no sidecar tells when they were taken, and whose bytes state another
/// time than is recorded; with that, and how it is known.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn misdated(db: &Connection, after: i64, most: u32) -> Result<Vec<(i64, Taken)>, Error> {
    let mut query = db.prepare_cached(sql!("provenance/misdated"))?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let from: String = row.get("taken_from")?;
        let from = TakenFrom::parse(&from)
            .ok_or_else(|| value::unreadable("how a time is known", &from))?;
        found.push((row.get("item")?, (value::time(row.get("taken_at")?)?, from)));
    }
    Ok(found)
}

/// Records whether an item is archived.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_archived(db: &Connection, item: i64, archived: bool) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("provenance/set_archived"))?;
    query.execute(named_params! { ":item": item, ":archived": archived })?;
    Ok(())
}

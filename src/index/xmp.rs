//! Rows of `xmp`: the XMP files beside pictures, and what such files are to say.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Params, Row, named_params};

use super::album_link::Made;
use super::{Error, sql, value};
use crate::model::{ArchivePath, Facts};

/// What has the name of an XMP file of the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Xmp {
    /// Where it is.
    pub path: ArchivePath,
    /// As it was written; `None`: it is somebody else's, and that was told.
    pub made: Option<Made>,
}

/// Recorded files that are looked at together: after one row, up to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The last row before them.
    pub after: i64,
    /// The last row of them.
    pub upto: i64,
}

/// Returns the last of the `most` files that come after row `after`; `None`: there is none.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn page_end(db: &Connection, after: i64, most: u32) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("xmp/page_end"))?;
    let page = named_params! { ":after": after, ":most": most };
    Ok(query.query_row(page, |row| row.get("upto"))?)
}

/// Returns what sources other than Drive tell of files, those that are to be believed first
/// before the others. A file of which several tell comes several times.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn facts(db: &Connection, bounds: Bounds) -> Result<Vec<(ArchivePath, Facts)>, Error> {
    let mut query = db.prepare_cached(sql!("xmp/facts"))?;
    let Bounds { after, upto } = bounds;
    let mut rows = query.query(named_params! { ":after": after, ":upto": upto })?;
    let mut facts = Vec::new();
    while let Some(row) = rows.next()? {
        facts.push((value::path(&row.get::<_, String>("path")?)?, read_facts(row)?));
    }
    Ok(facts)
}

fn read_facts(row: &Row<'_>) -> Result<Facts, Error> {
    let [latitude, longitude]: [Option<f64>; 2] = [row.get("latitude")?, row.get("longitude")?];
    let people: String = row.get("people")?;
    let taken_at: Option<i64> = row.get("taken_at")?;
    Ok(Facts {
        description: row.get("description")?,
        place: latitude.zip(longitude),
        people: serde_json::from_str(&people)
            .map_err(|_| value::unreadable("a list of names", &people))?,
        favourite: row.get("favourite")?,
        // A time that nobody can write down is none.
        taken_at: taken_at.and_then(DateTime::<Utc>::from_timestamp_millis),
    })
}

/// Returns what is recorded beside those files.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn beside(db: &Connection, bounds: Bounds) -> Result<Vec<Xmp>, Error> {
    let Bounds { after, upto } = bounds;
    all(db, sql!("xmp/beside"), named_params! { ":after": after, ":upto": upto })
}

/// Returns those whose pictures are no more where they were, by path from after `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn left_behind(db: &Connection, after: &str, most: u32) -> Result<Vec<Xmp>, Error> {
    all(db, sql!("xmp/left_behind"), named_params! { ":after": after, ":most": most })
}

/// Returns those where a file of the archive is about to be moved to, or fetched.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn in_the_way(db: &Connection) -> Result<Vec<Xmp>, Error> {
    all(db, sql!("xmp/in_the_way"), [])
}

/// Returns those whose pictures are about to be moved.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_moving(db: &Connection) -> Result<Vec<Xmp>, Error> {
    all(db, sql!("xmp/of_moving"), [])
}

/// Says whether there are any.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any(db: &Connection) -> Result<bool, Error> {
    Ok(db.prepare_cached(sql!("xmp/any"))?.query_row([], |row| row.get("known"))?)
}

/// Returns what is recorded at `path`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn at(db: &Connection, path: &ArchivePath) -> Result<Option<Xmp>, Error> {
    Ok(all(db, sql!("xmp/at"), named_params! { ":path": path.as_str() })?.pop())
}

/// Says whether an item has the name that the XMP file of `picture` would have, also where
/// it was not fetched yet.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_promised(db: &Connection, picture: &str) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("xmp/is_promised"))?;
    Ok(query.query_row(named_params! { ":picture": picture }, |row| row.get("known"))?)
}

/// Records what has the name of an XMP file.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, xmp: &Xmp) -> Result<(), Error> {
    db.prepare_cached(sql!("xmp/put"))?.execute(named_params! {
        ":path": xmp.path.as_str(),
        ":size_bytes": xmp.made.map(|made| made.size_bytes),
        ":mtime_ns": xmp.made.map(|made| made.mtime_ns),
        ":sha256": xmp.made.as_ref().map(|made| made.sha256.0.as_slice()),
    })?;
    Ok(())
}

/// Records that nothing is known of what has that name.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, path: &ArchivePath) -> Result<(), Error> {
    db.prepare_cached(sql!("xmp/remove"))?.execute(named_params! { ":path": path.as_str() })?;
    Ok(())
}

fn all(db: &Connection, sql: &str, bound: impl Params) -> Result<Vec<Xmp>, Error> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(bound)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Xmp, Error> {
    let size_bytes: Option<u64> = row.get("size_bytes")?;
    let (time, sha256) = (row.get("mtime_ns")?, value::sha256(row.get("sha256")?)?);
    let made = size_bytes.zip(time).zip(sha256);
    Ok(Xmp {
        path: value::path(&row.get::<_, String>("path")?)?,
        made: made.map(|((size_bytes, mtime_ns), sha256)| Made { size_bytes, mtime_ns, sha256 }),
    })
}

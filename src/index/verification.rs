//! What `verify` reads, and when it last did: those that were never read come first, then
//! those whose turn is longest ago.

use chrono::{DateTime, Utc};
use rusqlite::{CachedStatement, Connection, Row, ToSql, named_params};

use super::album_link::Made;
use super::file::Recorded;
use super::{Error, sql, value};
use crate::model::{ArchivePath, Crc32};

/// A copy in albums/, as it should be found on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Where it is.
    pub path: ArchivePath,
    /// The file that it stands for.
    pub target: ArchivePath,
    /// What it is: `hardlink`, `reflink` or `copy`.
    pub mode: String,
    /// As it was made.
    pub made: Made,
}

/// How far a verification has come: it goes on behind that row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached<Row> {
    /// Among those that were never verified.
    Never(Row),
    /// Among those that were, at that time in milliseconds since 1970.
    Verified(i64, Row),
}

/// Returns recorded files in the order of their turn, from behind `reached`, `most` at the
/// most, and how far that is. What was found right at `began` is left out.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn files(
    db: &Connection,
    reached: Reached<i64>,
    began: DateTime<Utc>,
    most: u32,
) -> Result<(Vec<Recorded>, Reached<i64>), Error> {
    let read = |row: &Row<'_>| {
        let recorded = super::file::recorded(row)?;
        Ok((recorded.row, recorded))
    };
    turns(db, (never, oldest), (reached, began, most), read)
}

/// The same for copies in albums/.
///
/// # Errors
///
/// As [`files`].
pub fn copied(
    db: &Connection,
    reached: Reached<String>,
    began: DateTime<Utc>,
    most: u32,
) -> Result<(Vec<Copied>, Reached<String>), Error> {
    let read = |row: &Row<'_>| {
        let copied = read_copied(row)?;
        Ok((copied.path.as_str().to_owned(), copied))
    };
    turns(db, (copies_never, copies_oldest), (reached, began, most), read)
}

/// Prepares one of the queries for [`turns`].
type Prepare = fn(&Connection) -> rusqlite::Result<CachedStatement<'_>>;

fn never(db: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    db.prepare_cached(sql!("verification/never"))
}

fn oldest(db: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    db.prepare_cached(sql!("verification/oldest"))
}

fn copies_never(db: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    db.prepare_cached(sql!("verification/copies_never"))
}

fn copies_oldest(db: &Connection) -> rusqlite::Result<CachedStatement<'_>> {
    db.prepare_cached(sql!("verification/copies_oldest"))
}

/// Reads those that were never verified, and when there are no more of them the others.
fn turns<Key: ToSql + Clone + Default, T>(
    db: &Connection,
    (never, oldest): (Prepare, Prepare),
    (reached, began, most): (Reached<Key>, DateTime<Utc>, u32),
    read: impl Fn(&Row<'_>) -> Result<(Key, T), Error>,
) -> Result<(Vec<T>, Reached<Key>), Error> {
    let (mut found, mut reached) = (Vec::new(), reached);
    if let Reached::Never(after) = &reached {
        let after = after.clone();
        let mut query = never(db)?;
        let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
        while let Some(row) = rows.next()? {
            let (key, it) = read(row)?;
            reached = Reached::Never(key);
            found.push(it);
        }
        if !found.is_empty() {
            return Ok((found, reached));
        }
        reached = Reached::Verified(i64::MIN, Key::default());
    }
    if let Reached::Verified(at, after) = &reached {
        let (at, after, except) = (*at, after.clone(), began.timestamp_millis());
        let mut query = oldest(db)?;
        let params = named_params! { ":at": at, ":after": after, ":except": except, ":most": most };
        let mut rows = query.query(params)?;
        while let Some(row) = rows.next()? {
            let (key, it) = read(row)?;
            reached = Reached::Verified(row.get("verified_at")?, key);
            found.push(it);
        }
    }
    Ok((found, reached))
}

fn read_copied(row: &Row<'_>) -> Result<Copied, Error> {
    let [path, target]: [String; 2] = [row.get("path")?, row.get("target")?];
    let sha256 = value::sha256(row.get("sha256")?)?
        .ok_or_else(|| value::unreadable("a SHA-256", "nothing"))?;
    Ok(Copied {
        path: value::path(&path)?,
        target: value::path(&target)?,
        mode: row.get("mode")?,
        made: Made { size_bytes: row.get("size_bytes")?, mtime_ns: row.get("mtime_ns")?, sha256 },
    })
}

/// Returns how many copies stand in albums/, and how many bytes they are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn copies(db: &Connection) -> Result<(u64, u64), Error> {
    let mut query = db.prepare_cached(sql!("verification/copies"))?;
    Ok(query.query_row([], |row| Ok((row.get("files")?, row.get("bytes")?)))?)
}

/// Records that a file was found right by the verification that began at `at`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_file(db: &Connection, file: i64, at: DateTime<Utc>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("verification/set_file"))?;
    query.execute(named_params! { ":file": file, ":at": at.timestamp_millis() })?;
    Ok(())
}

/// Records the CRC-32 of a file's bytes, as they were read from the disk.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_crc32(db: &Connection, file: i64, crc32: Crc32) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("verification/set_crc32"))?;
    query.execute(named_params! { ":file": file, ":crc32": crc32.0 })?;
    Ok(())
}

/// Records the same of a copy in albums/.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_copy(db: &Connection, path: &ArchivePath, at: DateTime<Utc>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("verification/set_copy"))?;
    query.execute(named_params! { ":path": path.as_str(), ":at": at.timestamp_millis() })?;
    Ok(())
}

/// Records a copy in albums/ that was made anew, of the same bytes.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn renew_copy(db: &Connection, path: &ArchivePath, made: Made) -> Result<(), Error> {
    db.prepare_cached(sql!("verification/renew_copy"))?.execute(named_params! {
        ":path": path.as_str(),
        ":size_bytes": made.size_bytes,
        ":mtime_ns": made.mtime_ns,
    })?;
    Ok(())
}

/// Says whether anything of the archive's own is recorded at `path`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn knows(db: &Connection, path: &ArchivePath) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("verification/knows"))?;
    Ok(query.query_row(named_params! { ":path": path.as_str() }, |row| row.get("known"))?)
}

/// Returns the item in whose own place a file lies, if its source still has it, as far
/// as is known.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn seat(db: &Connection, file: i64) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("verification/seat"))?;
    Ok(query.query_row(named_params! { ":file": file }, |row| row.get("item"))?)
}

//! Rows of `album_link`: what stands in albums/, and what should.
//!
//! The albums' own folders are here too. What is in an album is for the crawl to record.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params};

use super::{Error, sql, value};
use crate::model::{ArchivePath, Sha256, SourceId};

/// An album that has a folder, or should have one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Album {
    /// Its row.
    pub row: i64,
    /// Whose album it is.
    pub source: SourceId,
    /// Its source's own name for it.
    pub remote_id: String,
    /// What it is called.
    pub title: String,
    /// Whether its source says that it is not there any more.
    pub gone: bool,
    /// The folder that its folder was given for, without a number.
    pub wanted: Option<String>,
    /// Its folder.
    pub path: Option<ArchivePath>,
    /// The position of its last item; 0 where it has none.
    pub last: u64,
    /// How many of its items are held.
    pub held: u64,
    /// The times of its earliest and its latest item, held or not.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// An item of an album whose bytes are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its position in the album, from 1.
    pub position: u64,
    /// The file with its bytes.
    pub target: ArchivePath,
    /// That file's length.
    pub size_bytes: u64,
    /// That file's modified time, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What that file's bytes are.
    pub sha256: Sha256,
}

/// What stands in an album's folder for one of its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it is.
    pub path: ArchivePath,
    /// The position in the album of the item that it stands for, from 1.
    pub position: u64,
    /// The file it stands for.
    pub target: ArchivePath,
    /// What it is: `symlink`, `hardlink`, `reflink` or `copy`.
    pub mode: String,
    /// The file that was made; none for symlinks.
    pub made: Option<Made>,
}

/// A file that was made for an item of an album.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its length.
    pub size_bytes: u64,
    /// Its modified time as read back, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What its bytes are.
    pub sha256: Sha256,
}

/// Returns the titles of the albums that may have a folder as soon as something of theirs
/// is fetched.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn waiting(db: &Connection) -> Result<Vec<String>, Error> {
    let mut query = db.prepare_cached(sql!("album_link/waiting"))?;
    let titles = query.query_map([], |row| row.get("title"))?;
    Ok(titles.collect::<Result<_, _>>()?)
}

/// Returns the albums that have a folder, or should.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn albums(db: &Connection) -> Result<Vec<Album>, Error> {
    let mut query = db.prepare_cached(sql!("album_link/albums"))?;
    let mut rows = query.query([])?;
    let mut albums = Vec::new();
    while let Some(row) = rows.next()? {
        albums.push(read_album(row)?);
    }
    Ok(albums)
}

fn read_album(row: &Row<'_>) -> Result<Album, Error> {
    let path: Option<String> = row.get("path")?;
    let [first, last]: [Option<i64>; 2] = [row.get("first_at")?, row.get("last_at")?];
    Ok(Album {
        row: row.get("id")?,
        source: value::source(&row.get::<_, String>("source")?)?,
        remote_id: row.get("remote_id")?,
        title: row.get("title")?,
        gone: row.get("gone")?,
        wanted: row.get("wanted")?,
        path: path.map(|text| value::path(&text)).transpose()?,
        last: row.get::<_, Option<u64>>("last")?.unwrap_or(0),
        held: row.get("held")?,
        span: match first.zip(last) {
            Some((first, last)) => Some((value::time(first)?, value::time(last)?)),
            None => None,
        },
    })
}

/// Says whether two albums have a file in common.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn shares(db: &Connection, album: i64, other: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("album_link/shares"))?;
    let both = named_params! { ":album": album, ":other": other };
    Ok(query.query_row(both, |row| row.get("shares"))?)
}

/// Returns the items of an album that are held, in its order, and behind them those that
/// `twin` has beside.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn wanted(db: &Connection, album: i64, twin: Option<i64>) -> Result<Vec<Wanted>, Error> {
    let mut query = db.prepare_cached(sql!("album_link/wanted"))?;
    let mut rows = query.query(named_params! { ":album": album, ":twin": twin })?;
    let mut items = Vec::new();
    while let Some(row) = rows.next()? {
        items.push(Wanted {
            position: row.get("position")?,
            target: value::path(&row.get::<_, String>("path")?)?,
            size_bytes: row.get("size_bytes")?,
            mtime_ns: row.get("mtime_ns")?,
            sha256: value::sha256(row.get("sha256")?)?
                .ok_or_else(|| value::unreadable("a SHA-256", "nothing"))?,
        });
    }
    Ok(items)
}

/// Returns what stands in an album's folder, by path.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_album(db: &Connection, album: i64) -> Result<Vec<Link>, Error> {
    let mut query = db.prepare_cached(sql!("album_link/of_album"))?;
    let mut rows = query.query(named_params! { ":album": album })?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        let [path, target]: [String; 2] = [row.get("path")?, row.get("target")?];
        links.push(Link {
            path: value::path(&path)?,
            position: row.get("position")?,
            target: value::path(&target)?,
            mode: row.get("mode")?,
            made: read_made(row)?,
        });
    }
    Ok(links)
}

fn read_made(row: &Row<'_>) -> Result<Option<Made>, Error> {
    let size_bytes: Option<u64> = row.get("size_bytes")?;
    let (time, sha256) = (row.get("mtime_ns")?, value::sha256(row.get("sha256")?)?);
    let made = size_bytes.zip(time).zip(sha256);
    Ok(made.map(|((size_bytes, mtime_ns), sha256)| Made { size_bytes, mtime_ns, sha256 }))
}

/// Records what stands for an item of `album`, in place of what stood at that path.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, album: i64, link: &Link) -> Result<(), Error> {
    db.prepare_cached(sql!("album_link/put"))?.execute(named_params! {
        ":path": link.path.as_str(),
        ":album": album,
        ":position": link.position,
        ":target": link.target.as_str(),
        ":mode": link.mode,
        ":size_bytes": link.made.map(|made| made.size_bytes),
        ":mtime_ns": link.made.map(|made| made.mtime_ns),
        ":sha256": link.made.as_ref().map(|made| made.sha256.0.as_slice()),
    })?;
    Ok(())
}

/// Records that nothing of the archive's own stands at `path` any more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, path: &ArchivePath) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album_link/remove"))?;
    query.execute(named_params! { ":path": path.as_str() })?;
    Ok(())
}

/// Records an album's folder, and the one that it was given for; `None`: it has none.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if another album has that folder.
pub fn set_folder(
    db: &Connection,
    album: i64,
    folder: Option<(&str, &ArchivePath)>,
) -> Result<(), Error> {
    db.prepare_cached(sql!("album_link/set_folder"))?.execute(named_params! {
        ":album": album,
        ":wanted": folder.map(|(wanted, _)| wanted),
        ":path": folder.map(|(_, path)| path.as_str()),
    })?;
    Ok(())
}

/// Forgets an album of which nothing stands in albums/ any more.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if something does.
pub fn forget_album(db: &Connection, album: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album_link/forget_album"))?;
    query.execute(named_params! { ":album": album })?;
    Ok(())
}

/// Says whether any recorded file has these bytes.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn holds_bytes(db: &Connection, sha256: Sha256) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("album_link/holds_bytes"))?;
    let bytes = named_params! { ":sha256": sha256.0.as_slice() };
    Ok(query.query_row(bytes, |row| row.get("known"))?)
}

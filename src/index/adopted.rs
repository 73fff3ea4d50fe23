//! Rows of `adopted`: what lies in the folders that a person has the archive take over.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::run::RunId;
use super::{Error, sql, value};
use crate::model::{ArchivePath, Crc32, Sha256};

/// A file as it was seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Its row.
    pub row: i64,
    /// Where it lies below the folder that was named.
    pub path: ArchivePath,
    /// Its length.
    pub size_bytes: u64,
    /// When it was last modified, in nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// Where an item's bytes lay, and what was found in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The folder that was named.
    pub root: String,
    /// The file in it.
    pub lying: Lying,
    /// What its bytes are, beside what the item says.
    pub crc32: Crc32,
    /// The picture in it.
    pub picture: Option<Sha256>,
}

/// A file whose bytes the archive holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The file that was taken over.
    pub lying: Lying,
    /// The archive's.
    pub path: ArchivePath,
    /// What its bytes are.
    pub sha256: Sha256,
}

/// A folder that was named, and the run that reads it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'a> {
    /// The folder, as a path of this machine.
    pub root: &'a str,
    /// The run.
    pub run: RunId,
}

/// Records that a file lies at `path`, or a link that leads to `target`. What was known of its
/// bytes stays known if its length and its time are the same.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn see(
    db: &Connection,
    reading: Reading<'_>,
    path: &ArchivePath,
    (size_bytes, mtime_ns): (u64, i64),
    target: Option<&ArchivePath>,
) -> Result<(), Error> {
    let (folder, name) = parts(Some(path));
    let target = target.map(|target| parts(Some(target)));
    db.prepare_cached(sql!("adopted/see"))?.execute(named_params! {
        ":root": reading.root,
        ":folder": folder,
        ":name": name,
        ":size_bytes": size_bytes,
        ":mtime_ns": mtime_ns,
        ":to_folder": target.map(|(folder, _)| folder),
        ":to_name": target.map(|(_, name)| name),
        ":run": reading.run.0,
    })?;
    Ok(())
}

/// Returns how many files there are whose bytes were not read.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_unread(db: &Connection, reading: Reading<'_>) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("adopted/count_unread"))?;
    let wanted = named_params! { ":root": reading.root, ":run": reading.run.0 };
    Ok(query.query_row(wanted, |row| row.get("files"))?)
}

/// Returns files whose bytes were not read, by their paths, from behind `after`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unread(
    db: &Connection,
    reading: Reading<'_>,
    after: Option<&ArchivePath>,
    most: u32,
) -> Result<Vec<Lying>, Error> {
    let (folder, name) = parts(after);
    let mut query = db.prepare_cached(sql!("adopted/unread"))?;
    let mut rows = query.query(named_params! {
        ":root": reading.root,
        ":run": reading.run.0,
        ":folder": folder,
        ":name": name,
        ":most": most,
    })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(lying(row)?);
    }
    Ok(found)
}

/// Records whose bytes a file has, and what was found in them.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_item(
    db: &Connection,
    row: i64,
    item: i64,
    (crc32, picture): (Crc32, Option<Sha256>),
) -> Result<(), Error> {
    db.prepare_cached(sql!("adopted/set_item"))?.execute(named_params! {
        ":id": row,
        ":item": item,
        ":crc32": crc32.0,
        ":picture": picture.map(|it| it.0),
    })?;
    Ok(())
}

/// Returns the files that had an item's bytes when they were read.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_item(db: &Connection, item: i64) -> Result<Vec<Read>, Error> {
    let mut query = db.prepare_cached(sql!("adopted/of_item"))?;
    let mut rows = query.query(named_params! { ":item": item })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Read {
            root: row.get("root")?,
            lying: lying(row)?,
            crc32: Crc32(row.get("crc32")?),
            picture: value::sha256(row.get("picture")?)?,
        });
    }
    Ok(found)
}

/// Returns files whose bytes the archive holds, by their paths, from behind `after`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn held(
    db: &Connection,
    reading: Reading<'_>,
    after: Option<&ArchivePath>,
    most: u32,
) -> Result<Vec<Held>, Error> {
    let (folder, name) = parts(after);
    let mut query = db.prepare_cached(sql!("adopted/held"))?;
    let mut rows = query.query(named_params! {
        ":root": reading.root,
        ":run": reading.run.0,
        ":folder": folder,
        ":name": name,
        ":most": most,
    })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (path, sha256): (String, _) = (row.get("path")?, value::sha256(row.get("sha256")?)?);
        let Some(sha256) = sha256 else { continue };
        found.push(Held { lying: lying(row)?, path: value::path(&path)?, sha256 });
    }
    Ok(found)
}

/// Forgets a file that lies there no more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("adopted/remove"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Returns the first folder that has something in it, or the first behind `after`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn folder_after(
    db: &Connection,
    reading: Reading<'_>,
    after: Option<&str>,
) -> Result<Option<String>, Error> {
    let mut query = db.prepare_cached(sql!("adopted/folder_after"))?;
    let wanted = named_params! { ":root": reading.root, ":run": reading.run.0, ":after": after };
    Ok(query.query_row(wanted, |row| row.get("folder"))?)
}

/// Returns the items in a folder with the names that they have there, in the order of these.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn in_folder(
    db: &Connection,
    reading: Reading<'_>,
    folder: &str,
) -> Result<Vec<(String, i64)>, Error> {
    let mut query = db.prepare_cached(sql!("adopted/in_folder"))?;
    let wanted = named_params! { ":root": reading.root, ":run": reading.run.0, ":folder": folder };
    let rows = query.query_map(wanted, |row| Ok((row.get("name")?, row.get("item")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns items of which Takeout tells better when they were taken, with that time, from behind
/// row `after`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn dated(db: &Connection, after: i64, most: u32) -> Result<Vec<(i64, DateTime<Utc>)>, Error> {
    let mut query = db.prepare_cached(sql!("adopted/dated"))?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get("id")?, value::time(row.get("taken_at")?)?));
    }
    Ok(found)
}

/// Says whether a folder of the archive is one that it made for an album.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_album_made(db: &Connection, folder: &ArchivePath) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("adopted/is_album_made"))?;
    Ok(query.query_row(named_params! { ":path": folder.as_str() }, |row| row.get("is_made"))?)
}

/// Returns the item whose bytes lie at `path`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn item_at(db: &Connection, root: &str, path: &ArchivePath) -> Result<Option<i64>, Error> {
    let (folder, name) = parts(Some(path));
    let mut query = db.prepare_cached(sql!("adopted/item_at"))?;
    let wanted = named_params! { ":root": root, ":folder": folder, ":name": name };
    Ok(query.query_row(wanted, |row| row.get("item")).optional()?)
}

fn lying(row: &Row<'_>) -> Result<Lying, Error> {
    let (folder, name): (String, String) = (row.get("folder")?, row.get("name")?);
    let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
    Ok(Lying {
        row: row.get("id")?,
        path: value::path(&path)?,
        size_bytes: row.get("size_bytes")?,
        mtime_ns: row.get("mtime_ns")?,
    })
}

/// A path's folder and its name; before all others where there is none.
fn parts(path: Option<&ArchivePath>) -> (&str, &str) {
    let path = path.map_or("", ArchivePath::as_str);
    path.rsplit_once('/').unwrap_or(("", path))
}

//! Rows of `link`: the symlinks in the Drive trees, and those there should be.

use rusqlite::{Connection, Row, named_params};

use super::{Error, sql, value};
use crate::model::ArchivePath;

/// A symlink that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it is.
    pub path: ArchivePath,
    /// The file it leads to.
    pub target: ArchivePath,
}

/// A symlink that should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The folder it is in: a folder's row, or an area's number below zero.
    pub folder: i64,
    /// That folder's path; `None` for an area's top.
    pub folder_path: Option<ArchivePath>,
    /// Its name.
    pub name: String,
    /// The file it leads to.
    pub target: ArchivePath,
    /// That file's modified time, in nanoseconds since 1970.
    pub mtime_ns: i64,
}

/// Returns the symlinks that are there, by path.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn all(db: &Connection) -> Result<Vec<Link>, Error> {
    let mut query = db.prepare_cached(sql!("link/all"))?;
    let mut rows = query.query([])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(read(row)?);
    }
    Ok(links)
}

/// Returns the symlinks that are there, those of albums too, by path from after `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn after(db: &Connection, after: &str, most: u32) -> Result<Vec<Link>, Error> {
    let mut query = db.prepare_cached(sql!("link/after"))?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        links.push(read(row)?);
    }
    Ok(links)
}

fn read(row: &Row<'_>) -> Result<Link, Error> {
    let [path, target]: [String; 2] = [row.get("path")?, row.get("target")?];
    Ok(Link { path: value::path(&path)?, target: value::path(&target)? })
}

/// Returns the symlinks that should be there, in no order.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn wanted(db: &Connection) -> Result<Vec<Wanted>, Error> {
    let mut query = db.prepare_cached(sql!("link/wanted"))?;
    let mut rows = query.query([])?;
    let mut links = Vec::new();
    while let Some(row) = rows.next()? {
        let folder_path: Option<String> = row.get("folder_path")?;
        links.push(Wanted {
            folder: row.get("folder")?,
            folder_path: folder_path.map(|text| value::path(&text)).transpose()?,
            name: row.get("name")?,
            target: value::path(&row.get::<_, String>("target")?)?,
            mtime_ns: row.get("mtime_ns")?,
        });
    }
    Ok(links)
}

/// Records that a symlink at `path` leads to `target`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, path: &ArchivePath, target: &ArchivePath) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("link/put"))?;
    query.execute(named_params! { ":path": path.as_str(), ":target": target.as_str() })?;
    Ok(())
}

/// Records that there is no symlink at `path` any more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, path: &ArchivePath) -> Result<(), Error> {
    db.prepare_cached(sql!("link/remove"))?.execute(named_params! { ":path": path.as_str() })?;
    Ok(())
}

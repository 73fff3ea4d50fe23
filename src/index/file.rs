//! Rows of `file` and `holding`: what the archive has, and of which items.

mod removable;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params};

pub use self::removable::{Removable, count_removable, is_held_further, items, removable};
use super::{Error, sql, value};
use crate::model::{ArchivePath, Digests, Fidelity, MatchRule, Revision, Sha256, Shot};

/// A file that is whole, verified, durable and at its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// Where it is.
    pub path: ArchivePath,
    /// Its modified time as read back from the disk, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What its bytes are.
    pub digests: Digests,
    /// The SHA-256 of the picture in it, without its metadata.
    pub picture: Option<Sha256>,
    /// What its bytes say of the picture.
    pub shot: Shot,
    /// When it was finished.
    pub saved_at: DateTime<Utc>,
}

/// Of which item a file holds the bytes, and how that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The item's row.
    pub item: i64,
    /// The revision it holds.
    pub revision: Revision,
    /// The modified time that the file bears, by the source's word.
    pub modified_at: Option<DateTime<Utc>>,
    /// `original`, `export`, `pointer`, ...
    pub fidelity: Fidelity,
    /// How it is known that these are the item's bytes.
    pub match_rule: MatchRule,
    /// A person put it back: it is never removed again.
    pub kept: bool,
}

/// A file as it should be found on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Its row.
    pub row: i64,
    /// Where it is.
    pub path: ArchivePath,
    /// Its length.
    pub size_bytes: u64,
    /// Its modified time, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What its bytes are.
    pub sha256: Sha256,
}

/// Records that `saved` holds the bytes of an item, instead of whatever held them before.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if another file is recorded at that path.
pub fn put(db: &Connection, saved: &Saved, holding: &Holding) -> Result<(), Error> {
    release(db, holding.item)?;
    let file = insert(db, saved)?;
    hold(db, file, holding)
}

/// Records that the file in row `file` holds the bytes of one item more, instead of
/// whatever held them before.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn share(db: &Connection, file: i64, holding: &Holding) -> Result<(), Error> {
    if held_by(db, holding.item)?.is_some_and(|held| held.row == file) {
        return Ok(());
    }
    release(db, holding.item)?;
    hold(db, file, holding)
}

fn hold(db: &Connection, file: i64, holding: &Holding) -> Result<(), Error> {
    db.prepare_cached(sql!("file/hold"))?.execute(named_params! {
        ":item": holding.item,
        ":file": file,
        ":revision": holding.revision.as_str(),
        ":modified_at": holding.modified_at.map(|at| at.timestamp_millis()),
        ":fidelity": holding.fidelity.as_str(),
        ":match_rule": holding.match_rule.as_str(),
        ":kept": holding.kept,
    })?;
    Ok(())
}

fn insert(db: &Connection, saved: &Saved) -> Result<i64, Error> {
    let (digests, shot) = (&saved.digests, &saved.shot);
    db.prepare_cached(sql!("file/put"))?.execute(named_params! {
        ":path": saved.path.as_str(),
        ":size_bytes": digests.size_bytes,
        ":mtime_ns": saved.mtime_ns,
        ":md5": digests.md5.0,
        ":sha256": digests.sha256.0,
        ":crc32": digests.crc32.0,
        ":picture": saved.picture.map(|it| it.0),
        ":saved_at": saved.saved_at.timestamp_millis(),
        ":taken_at": shot.taken.map(|(at, _)| at.timestamp_millis()),
        ":taken_from": shot.taken.map(|(_, from)| from.as_str()),
        ":width": shot.width,
        ":height": shot.height,
        ":camera": shot.camera,
        ":latitude": shot.latitude,
        ":longitude": shot.longitude,
        ":duration_ms": shot.duration_ms,
    })?;
    Ok(db.last_insert_rowid())
}

/// Forgets which file holds the bytes of an item; forgets the file too, if it
/// held no other's: nothing of it may be on the disk then.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn release(db: &Connection, item: i64) -> Result<(), Error> {
    let Some(file) = held_by(db, item)? else { return Ok(()) };
    db.prepare_cached(sql!("file/release"))?.execute(named_params! { ":item": item })?;
    remove_unheld(db, file.row)
}

/// Forgets a file that holds nothing; one that holds something stays known.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove_unheld(db: &Connection, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("file/remove_unheld"))?.execute(named_params! { ":file": file })?;
    Ok(())
}

/// Returns the file that holds the bytes of an item.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn held_by(db: &Connection, item: i64) -> Result<Option<Recorded>, Error> {
    let mut query = db.prepare_cached(sql!("file/held_by"))?;
    let mut rows = query.query(named_params! { ":item": item })?;
    rows.next()?.map(recorded).transpose()
}

/// Returns the file that is recorded at `path`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn at(db: &Connection, path: &ArchivePath) -> Result<Option<Recorded>, Error> {
    let mut query = db.prepare_cached(sql!("file/at"))?;
    let mut rows = query.query(named_params! { ":path": path.as_str() })?;
    rows.next()?.map(recorded).transpose()
}

/// Forgets a file that is no longer where it was, and has its items fetched again.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn forget(db: &Connection, file: i64) -> Result<(), Error> {
    want_again(db, file)?;
    release_wholly(db, file)
}

/// Forgets a file with all its holdings. Nothing is fetched for that.
pub(super) fn release_wholly(db: &Connection, file: i64) -> Result<(), Error> {
    release_all(db, file)?;
    remove_unheld(db, file)
}

/// Has the items of a file fetched again, while the file counts as theirs: for a run
/// that may not set aside what a person edited.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn want_anew(db: &Connection, file: i64) -> Result<(), Error> {
    want_again(db, file)?;
    spoil(db, file)
}

fn spoil(db: &Connection, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("file/spoil"))?.execute(named_params! { ":file": file })?;
    Ok(())
}

fn want_again(db: &Connection, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("file/want_again"))?.execute(named_params! { ":file": file })?;
    Ok(())
}

fn release_all(db: &Connection, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("file/release_all"))?.execute(named_params! { ":file": file })?;
    Ok(())
}

/// Returns recorded files in the order of their rows, from after row `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn after(db: &Connection, after: i64, most: u32) -> Result<Vec<Recorded>, Error> {
    let mut query = db.prepare_cached(sql!("file/after"))?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut files = Vec::new();
    while let Some(row) = rows.next()? {
        files.push(recorded(row)?);
    }
    Ok(files)
}

/// Says whether a file or a link of the archive's own is recorded at `path`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn exists_at(db: &Connection, path: &ArchivePath) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("file/exists_at"))?;
    Ok(query.query_row(named_params! { ":path": path.as_str() }, |row| row.get("known"))?)
}

/// Says whether any file or link is recorded below the folder at `folder`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn exists_below(db: &Connection, folder: &ArchivePath) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("file/exists_below"))?;
    Ok(query.query_row(named_params! { ":folder": folder.as_str() }, |row| row.get("known"))?)
}

/// Records that the file at `from` is at `path` now.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if another file is recorded there.
pub fn set_path(db: &Connection, from: &ArchivePath, path: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("file/set_path"))?;
    query.execute(named_params! { ":from": from.as_str(), ":path": path })?;
    Ok(())
}

/// Records that the file of `item` is at `path` now.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if another file is recorded there.
pub fn set_path_of(db: &Connection, item: i64, path: &ArchivePath) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("file/set_path_of"))?;
    query.execute(named_params! { ":item": item, ":path": path.as_str() })?;
    Ok(())
}

/// Records the modified time of the file at `path`, in nanoseconds since 1970.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_mtime(db: &Connection, path: &ArchivePath, mtime_ns: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("file/set_mtime"))?;
    query.execute(named_params! { ":path": path.as_str(), ":mtime_ns": mtime_ns })?;
    Ok(())
}

/// The modified time that a file bears, by the word of the item in whose place it lies
/// or did when that was set. None where it holds no item, or its source has not said.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn modified_at(db: &Connection, row: i64) -> Result<Option<DateTime<Utc>>, Error> {
    let mut query = db.prepare_cached(sql!("file/modified_at"))?;
    let mut rows = query.query(named_params! { ":file": row })?;
    let ms: Option<i64> = rows.next()?.map(|row| row.get("modified_at")).transpose()?.flatten();
    Ok(ms.and_then(DateTime::from_timestamp_millis))
}

/// Records the modified time that the file of an item bears, by the word of that item's
/// source. Whatever else the file holds bears it as well.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_modified(db: &Connection, item: i64, at: Option<DateTime<Utc>>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("file/set_modified"))?;
    let at = at.map(|at| at.timestamp_millis());
    query.execute(named_params! { ":item": item, ":modified_at": at })?;
    Ok(())
}

/// Returns how many files the archive has.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count(db: &Connection) -> Result<u64, Error> {
    Ok(db.prepare_cached(sql!("file/count"))?.query_row([], |row| row.get("files"))?)
}

/// Returns how many files the archive has, and how many bytes they are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn all(db: &Connection) -> Result<(u64, u64), Error> {
    let mut query = db.prepare_cached(sql!("file/all"))?;
    Ok(query.query_row([], |row| Ok((row.get("files")?, row.get("bytes")?)))?)
}

/// Says whether a source still has the bytes of a file, as far as is known.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_to_be_had(db: &Connection, file: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("file/is_to_be_had"))?;
    Ok(query.query_row(named_params! { ":file": file }, |row| row.get("is_to_be_had"))?)
}

/// Reads a file from `row`.
pub(super) fn recorded(row: &Row<'_>) -> Result<Recorded, Error> {
    Ok(Recorded {
        row: row.get("id")?,
        path: value::path(&row.get::<_, String>("path")?)?,
        size_bytes: row.get("size_bytes")?,
        mtime_ns: row.get("mtime_ns")?,
        sha256: sha256(row.get("sha256")?)?,
    })
}

fn sha256(bytes: Vec<u8>) -> Result<Sha256, Error> {
    value::sha256(Some(bytes))?.ok_or_else(|| value::unreadable("a SHA-256", "nothing"))
}

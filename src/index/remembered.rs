//! Rows of `remembered`: what the manifest says that the archive holds, while an index
//! that was lost is made anew; and what the manifest is to say.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql, value};
use crate::model::{
    ArchivePath, Fidelity, ItemKey, MatchRule, RemoteId, Revision, Sha256, Shot, SourceId,
};

/// What the archive holds of an item.
#[derive(Clone, Debug, PartialEq)]
pub struct Remembered {
    /// Which item.
    pub key: ItemKey,
    /// Where its file is; a folder's own path.
    pub path: ArchivePath,
    /// The first folder that it is in at the source.
    pub parent: Option<RemoteId>,
    /// Its name at the source.
    pub title: String,
    /// Its MIME type there.
    pub mime_type: String,
    /// Whether the account owns it.
    pub owned: bool,
    /// When it was made at the source, in milliseconds since 1970.
    pub created_ms: Option<i64>,
    /// What the source said of the picture or film.
    pub shot: Shot,
    /// What a person wrote about it.
    pub description: Option<String>,
    /// Whether it is starred, or a favourite.
    pub favourite: bool,
    /// Its bytes; a folder has none.
    pub bytes: Option<Bytes>,
}

/// Which bytes those are, and how they belong to the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bytes {
    /// How many.
    pub size_bytes: u64,
    /// Which.
    pub sha256: Sha256,
    /// The revision of the item that they are.
    pub revision: Revision,
    /// The modified time that the file bears, in milliseconds since 1970.
    pub modified_ms: Option<i64>,
    /// How true they are to the item.
    pub fidelity: Fidelity,
    /// How it is known that they are the item's.
    pub match_rule: MatchRule,
    /// A person put them back: they are never removed again.
    pub kept: bool,
}

/// Something remembered, and the row of its item.
pub type InRow = (i64, Remembered);

/// Returns what is held of items, in the order of their rows, from after row `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn held(db: &Connection, after: i64, most: u32) -> Result<Vec<InRow>, Error> {
    read_all(db, sql!("remembered/held"), after, most)
}

/// As [`held`], of folders that have a path.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn folders(db: &Connection, after: i64, most: u32) -> Result<Vec<InRow>, Error> {
    read_all(db, sql!("remembered/folders"), after, most)
}

/// Returns files that are remembered otherwise than they are recorded, in the order of
/// their items' rows, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unlike(db: &Connection, after: i64, most: u32) -> Result<Vec<InRow>, Error> {
    read_all(db, sql!("remembered/unlike"), after, most)
}

/// Takes note of what is remembered of an item, instead of what was.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, it: &Remembered) -> Result<(), Error> {
    let (bytes, shot) = (it.bytes.as_ref(), &it.shot);
    db.prepare_cached(sql!("remembered/put"))?.execute(named_params! {
        ":source": it.key.source.as_str(),
        ":remote_id": it.key.id.as_str(),
        ":path": it.path.as_str(),
        ":parent": it.parent.as_ref().map(RemoteId::as_str),
        ":title": it.title,
        ":mime_type": it.mime_type,
        ":owned": it.owned,
        ":created_at": it.created_ms,
        ":size_bytes": bytes.map(|bytes| bytes.size_bytes),
        ":sha256": bytes.map(|bytes| bytes.sha256.0),
        ":revision": bytes.map(|bytes| bytes.revision.as_str()),
        ":modified_at": bytes.and_then(|bytes| bytes.modified_ms),
        ":fidelity": bytes.map(|bytes| bytes.fidelity.as_str()),
        ":match_rule": bytes.map(|bytes| bytes.match_rule.as_str()),
        ":kept": bytes.map(|bytes| bytes.kept),
        ":taken_at": shot.taken.map(|(at, _)| at.timestamp_millis()),
        ":taken_from": shot.taken.map(|(_, from)| from.as_str()),
        ":width": shot.width,
        ":height": shot.height,
        ":camera": shot.camera,
        ":latitude": shot.latitude,
        ":longitude": shot.longitude,
        ":duration_ms": shot.duration_ms,
        ":description": it.description,
        ":favourite": it.favourite,
    })?;
    Ok(())
}

/// Remembers nothing of an item any longer.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, key: &ItemKey) -> Result<(), Error> {
    let key = named_params! { ":source": key.source.as_str(), ":remote_id": key.id.as_str() };
    db.prepare_cached(sql!("remembered/remove"))?.execute(key)?;
    Ok(())
}

/// Remembers nothing any longer.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("remembered/clear"))?.execute([])?;
    Ok(())
}

/// Remembers nothing of `source` any longer.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn forget(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("remembered/forget"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Says whether anything of `source` is remembered.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any(db: &Connection, source: SourceId) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("remembered/any"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("any_remembered"))?)
}

/// Returns how many files are remembered.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn files(db: &Connection) -> Result<u64, Error> {
    Ok(db.prepare_cached(sql!("remembered/files"))?.query_row([], |row| row.get("files"))?)
}

/// Returns the path that the folder `item` is remembered by.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn folder_path(db: &Connection, item: i64) -> Result<Option<ArchivePath>, Error> {
    let mut query = db.prepare_cached(sql!("remembered/folder_path"))?;
    let item = named_params! { ":item": item };
    let path: Option<String> = query.query_row(item, |row| row.get("path")).optional()?;
    path.map(|text| value::path(&text)).transpose()
}

/// Returns the rows of the items at `source` of which something derived is remembered that
/// is not recorded.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn stills(db: &Connection, source: SourceId) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("remembered/stills"))?;
    let source = named_params! { ":source": source.as_str() };
    let rows = query.query_map(source, |row| row.get("row"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records as missing at `source` what is remembered of it and was not listed.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn add_missing(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("remembered/add_missing"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Has nothing of `source` be missing.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_found(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("remembered/set_found"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Forgets those of [`add_missing`] of which the archive has nothing.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove_missing(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("remembered/remove_missing"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

fn read_all(db: &Connection, sql: &str, after: i64, most: u32) -> Result<Vec<InRow>, Error> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((row.get("row")?, read(row)?));
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Remembered, Error> {
    let source: String = row.get("source")?;
    let path: String = row.get("path")?;
    Ok(Remembered {
        key: ItemKey { source: value::source(&source)?, id: RemoteId(row.get("remote_id")?) },
        path: value::path(&path)?,
        parent: row.get::<_, Option<String>>("parent")?.map(RemoteId),
        title: row.get("title")?,
        mime_type: row.get("mime_type")?,
        owned: row.get("owned")?,
        created_ms: row.get("created_at")?,
        shot: value::shot(row)?,
        description: row.get("description")?,
        favourite: row.get("favourite")?,
        bytes: value::sha256(row.get("sha256")?)?.map(|is| bytes(row, is)).transpose()?,
    })
}

fn bytes(row: &Row<'_>, sha256: Sha256) -> Result<Bytes, Error> {
    let (fidelity, rule): (String, String) = (row.get("fidelity")?, row.get("match_rule")?);
    Ok(Bytes {
        size_bytes: row.get("size_bytes")?,
        sha256,
        revision: Revision(row.get("revision")?),
        modified_ms: row.get("modified_at")?,
        fidelity: Fidelity::parse(&fidelity)
            .ok_or_else(|| value::unreadable("a fidelity", &fidelity))?,
        match_rule: MatchRule::parse(&rule)
            .ok_or_else(|| value::unreadable("a match rule", &rule))?,
        kept: row.get("kept")?,
    })
}

//! What is asked to find out which items of several sources are one picture, and
//! changes of who has a file's place. What is one is decided in `plan`.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql, value};
use crate::model::{ArchivePath, Crc32, Fidelity, MatchRule, Sha256, Shot, SourceId};

/// What originals of an item of Photos are looked for by.
#[derive(Clone, Copy, Debug)]
pub struct Likeness<'a> {
    /// Its name.
    pub title: &'a str,
    /// When it was taken, in milliseconds since 1970.
    pub taken_ms: Option<i64>,
    /// The SHA-256 of the bytes that Photos serves.
    pub sha256: Option<Sha256>,
    /// That of the picture in them.
    pub picture: Option<Sha256>,
}

/// What an archive states of a file that lies in it.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'a> {
    /// Its length in bytes.
    pub size_bytes: u64,
    /// The CRC-32 of its bytes.
    pub crc32: Crc32,
    /// What it is called.
    pub title: &'a str,
    /// Its name in the archive.
    pub name: &'a str,
}

/// A file that holds the original of another source's item.
#[derive(Clone, Debug, PartialEq)]
pub struct Original {
    /// Its row.
    pub file: i64,
    /// The item's name.
    pub title: String,
    /// Its length.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256,
    /// That of the picture in it.
    pub picture: Option<Sha256>,
    /// What is known of the picture or film by its bytes, and else by its source.
    pub shot: Shot,
}

/// An item that no longer goes together with the others of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parting {
    /// Its row.
    pub item: i64,
    /// The file's row.
    pub file: i64,
    /// The source does not have it any more.
    pub gone: bool,
}

/// An item whose bytes a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sharer {
    /// Its row.
    pub item: i64,
    /// Where it hangs; 0: its bytes lie in another item's place.
    pub folder: Option<i64>,
}

/// What is known of a file's bytes, as far as it tells pictures apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub file: i64,
    /// Its length.
    pub size_bytes: u64,
    /// The SHA-256 of its bytes.
    pub sha256: Sha256,
    /// That of the picture in it.
    pub picture: Option<Sha256>,
    /// How long the film is.
    pub duration_ms: Option<u64>,
}

/// Returns the originals that may be one with an item of Photos.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn originals(db: &Connection, like: &Likeness<'_>) -> Result<Vec<Original>, Error> {
    let mut query = db.prepare_cached(sql!("matching/originals"))?;
    let mut rows = query.query(named_params! {
        ":title": like.title,
        ":taken_at": like.taken_ms,
        ":sha256": like.sha256.map(|it| it.0),
        ":picture": like.picture.map(|it| it.0),
    })?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(original(row)?);
    }
    Ok(found)
}

fn original(row: &Row<'_>) -> Result<Original, Error> {
    Ok(Original {
        file: row.get("id")?,
        title: row.get("title")?,
        size_bytes: row.get("size_bytes")?,
        sha256: digest(row, "sha256")?,
        picture: value::sha256(row.get("picture")?)?,
        shot: value::shot(row)?,
    })
}

/// Says whether Photos has another item of the name and second of `item`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn has_rival(db: &Connection, item: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("matching/has_rival"))?;
    Ok(query.query_row(named_params! { ":item": item }, |row| row.get("has_rival"))?)
}

/// Returns what is known of the bytes of the file that holds `item`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn held(db: &Connection, item: i64) -> Result<Option<Known>, Error> {
    let mut query = db.prepare_cached(sql!("matching/held"))?;
    let mut rows = query.query(named_params! { ":item": item })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Known {
        file: row.get("id")?,
        size_bytes: row.get("size_bytes")?,
        sha256: digest(row, "sha256")?,
        picture: value::sha256(row.get("picture")?)?,
        duration_ms: row.get("duration_ms")?,
    }))
}

/// Returns a file with the length and the CRC-32 that are stated of an item, and with one of
/// its names. Its bytes were not compared.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn stated(db: &Connection, like: &Stated<'_>) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("matching/stated"))?;
    let wanted = named_params! {
        ":size_bytes": like.size_bytes,
        ":crc32": like.crc32.0,
        ":title": like.title,
        ":name": like.name,
    };
    Ok(query.query_row(wanted, |row| row.get("id")).optional()?)
}

/// Returns a file with those bytes.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn of_bytes(db: &Connection, sha256: Sha256) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("matching/of_bytes"))?;
    let wanted = named_params! { ":sha256": sha256.0 };
    Ok(query.query_row(wanted, |row| row.get("id")).optional()?)
}

/// Returns where a file is.
///
/// # Errors
///
/// [`Error::Sqlite`] (also if there is none), [`Error::Unreadable`].
pub fn path(db: &Connection, file: i64) -> Result<ArchivePath, Error> {
    let mut query = db.prepare_cached(sql!("matching/path"))?;
    let path: String = query.query_row(named_params! { ":file": file }, |row| row.get("path"))?;
    value::path(&path)
}

/// Returns files for which what Photos has was not looked through yet, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn uncompared(db: &Connection, most: u32) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("matching/uncompared"))?;
    let rows = query.query_map(named_params! { ":most": most }, |row| row.get("id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records whether what Photos has was looked through for a file.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_compared(db: &Connection, file: i64, compared: bool) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("matching/set_compared"))?;
    query.execute(named_params! { ":file": file, ":compared": compared })?;
    Ok(())
}

/// Returns the items of Photos in other files that may be the original in `file`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn copies(db: &Connection, file: i64) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("matching/copies"))?;
    let rows = query.query_map(named_params! { ":file": file }, |row| row.get("id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the items of `source` whose bytes a file holds together with others', and may
/// no longer.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn parting(db: &Connection, source: SourceId) -> Result<Vec<Parting>, Error> {
    let mut query = db.prepare_cached(sql!("matching/parting"))?;
    let rows = query.query_map(named_params! { ":source": source.as_str() }, |row| {
        Ok(Parting { item: row.get("id")?, file: row.get("file")?, gone: row.get("gone")? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns items that are to be fetched, each with a file that has just the bytes that
/// they state and holds items of Photos alone.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn same_bytes(db: &Connection) -> Result<Vec<(i64, i64)>, Error> {
    let mut query = db.prepare_cached(sql!("matching/same_bytes"))?;
    let rows = query.query_map([], |row| Ok((row.get("id")?, row.get("file")?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the items whose bytes a file holds.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn sharers(db: &Connection, file: i64) -> Result<Vec<Sharer>, Error> {
    let mut query = db.prepare_cached(sql!("matching/sharers"))?;
    let sharer = |row: &Row<'_>| Ok(Sharer { item: row.get("item")?, folder: row.get("folder")? });
    let rows = query.query_map(named_params! { ":file": file }, sharer)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Says whether the bytes of an item lie in another item's place.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_seated_elsewhere(db: &Connection, item: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("matching/is_seated_elsewhere"))?;
    Ok(query.query_row(named_params! { ":item": item }, |row| row.get("is_elsewhere"))?)
}

/// Records where an item hangs; 0: its bytes lie in another item's place.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_folder(db: &Connection, item: i64, folder: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("matching/set_folder"))?;
    query.execute(named_params! { ":item": item, ":folder": folder })?;
    Ok(())
}

/// Has it decided anew where an item hangs.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat(db: &Connection, item: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("matching/unseat"))?.execute(named_params! { ":item": item })?;
    Ok(())
}

/// Records how true the bytes are that are held of an item, and how that is known.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_rule(
    db: &Connection,
    item: i64,
    fidelity: Fidelity,
    rule: MatchRule,
) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("matching/set_rule"))?;
    query.execute(named_params! {
        ":item": item,
        ":fidelity": fidelity.as_str(),
        ":match_rule": rule.as_str(),
    })?;
    Ok(())
}

fn digest(row: &Row<'_>, column: &str) -> Result<Sha256, Error> {
    let bytes = value::sha256(row.get(column)?)?;
    bytes.ok_or_else(|| value::unreadable("a SHA-256", "nothing"))
}

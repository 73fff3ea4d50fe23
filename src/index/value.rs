//! How values are kept in columns.

use chrono::{DateTime, Utc};
use rusqlite::Row;

use super::Error;
use crate::model::{ArchivePath, Form, Md5, Sha256, Shot, SourceId, TakenFrom};

pub(super) fn path(text: &str) -> Result<ArchivePath, Error> {
    ArchivePath::parse(text).map_err(|_| unreadable("a path in the archive", text))
}

pub(super) fn source(text: &str) -> Result<SourceId, Error> {
    SourceId::parse(text).ok_or_else(|| unreadable("a source", text))
}

pub(super) fn time(ms: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| unreadable("a time", &ms.to_string()))
}

pub(super) fn md5(bytes: Option<Vec<u8>>) -> Result<Option<Md5>, Error> {
    Ok(array(bytes, "an MD5")?.map(Md5))
}

pub(super) fn sha256(bytes: Option<Vec<u8>>) -> Result<Option<Sha256>, Error> {
    Ok(array(bytes, "a SHA-256")?.map(Sha256))
}

/// Reads the columns that `item` and `file` both have.
pub(super) fn shot(row: &Row<'_>) -> Result<Shot, Error> {
    let taken_at: Option<i64> = row.get("taken_at")?;
    let taken_from: Option<String> = row.get("taken_from")?;
    let taken_from = taken_from.as_deref().and_then(TakenFrom::parse);
    Ok(Shot {
        taken: match taken_at.zip(taken_from) {
            Some((ms, from)) => Some((time(ms)?, from)),
            None => None,
        },
        width: row.get("width")?,
        height: row.get("height")?,
        camera: row.get("camera")?,
        latitude: row.get("latitude")?,
        longitude: row.get("longitude")?,
        duration_ms: row.get("duration_ms")?,
    })
}

/// Reads in which form an item is kept, if it is.
pub(super) fn form(row: &Row<'_>) -> Result<Option<Form>, Error> {
    let Some(word) = row.get::<_, Option<String>>("form")? else { return Ok(None) };
    let form = Form::parse(&word, row.get("export_as")?, row.get("extension")?);
    form.map(Some).ok_or_else(|| unreadable("a form", &word))
}

pub(super) fn unreadable(what: &'static str, value: &str) -> Error {
    Error::Unreadable { what, value: value.to_owned() }
}

fn array<const N: usize>(
    bytes: Option<Vec<u8>>,
    what: &'static str,
) -> Result<Option<[u8; N]>, Error> {
    let Some(bytes) = bytes else { return Ok(None) };
    bytes.try_into().map(Some).map_err(|bytes| unreadable(what, &format!("{bytes:?}")))
}

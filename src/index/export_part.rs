//! Rows of `export_part`: the parts that Google Takeout's exports came in.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql, value};
use crate::model::{Lies, Part, PartFormat, RemoteId};

/// A part that is about to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The export that it is of: a row.
    pub export: i64,
    /// Which of several archives of that export; 0: its name tells none.
    pub series: u32,
    /// Its number, from 1; 0: its name tells none.
    pub number: u32,
    /// Its file name.
    pub name: String,
    /// What it is and where.
    pub part: Part,
    /// Names the state of its bytes.
    pub revision: String,
}

/// A part as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub row: i64,
    /// What was found.
    pub found: Found,
    /// How much of it was read.
    pub state: State,
}

/// How much of a part was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not all that is in it is known.
    New,
    /// What is in it is known, and its sidecars are not read.
    Listed,
    /// All is known of it.
    Read,
    /// Another part is the same.
    Double,
}

impl State {
    const ALL: [Self; 4] = [Self::New, Self::Listed, Self::Read, Self::Double];

    const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Listed => "listed",
            Self::Read => "read",
            Self::Double => "double",
        }
    }
}

/// Records a part that is new, or other than before, and returns its row.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, found: &Found) -> Result<i64, Error> {
    let (place, address) = lies(&found.part.lies);
    let mut query = db.prepare_cached(sql!("export_part/put"))?;
    let part = named_params! {
        ":export": found.export,
        ":series": found.series,
        ":number": found.number,
        ":name": found.name,
        ":place": place,
        ":address": address,
        ":format": found.part.format.as_str(),
        ":size_bytes": found.part.size_bytes,
        ":revision": found.revision,
    };
    Ok(query.query_row(part, |row| row.get("id"))?)
}

fn lies(lies: &Lies) -> (&'static str, String) {
    match lies {
        Lies::InDrive(id) => ("drive", id.0.clone()),
        Lies::OnDisk(path) => ("disk", path.to_string_lossy().into_owned()),
    }
}

/// Returns what is known of the part that lies there.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn find(db: &Connection, at: &Lies) -> Result<Option<Known>, Error> {
    let (place, address) = lies(at);
    let mut query = db.prepare_cached(sql!("export_part/find"))?;
    let at = named_params! { ":place": place, ":address": address };
    query.query_row(at, |row| Ok(read(row))).optional()?.transpose()
}

/// Returns the part in row `row`.
///
/// # Errors
///
/// [`Error::Sqlite`] (also if there is none), [`Error::Unreadable`].
pub fn get(db: &Connection, row: i64) -> Result<Known, Error> {
    let mut query = db.prepare_cached(sql!("export_part/get"))?;
    query.query_row(named_params! { ":id": row }, |row| Ok(read(row)))?
}

/// Returns the parts in that state that are there.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_state(db: &Connection, state: State) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql!("export_part/of_state"))?;
    let rows = query.query_map(named_params! { ":state": state.as_str() }, |row| Ok(read(row)))?;
    rows.map(|known| known?).collect()
}

/// Returns the parts of an export that are there, by their numbers.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_export(db: &Connection, export: i64) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql!("export_part/of_export"))?;
    let rows = query.query_map(named_params! { ":export": export }, |row| Ok(read(row)))?;
    rows.map(|known| known?).collect()
}

/// Returns the parts of an export that are there, or were when they were read, by their numbers.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn ever(db: &Connection, export: i64) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql!("export_part/ever"))?;
    let rows = query.query_map(named_params! { ":export": export }, |row| Ok(read(row)))?;
    rows.map(|known| known?).collect()
}

/// Returns how many of the parts in Drive were taken in.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_read(db: &Connection) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("export_part/count_read"))?;
    Ok(query.query_row([], |row| row.get("parts"))?)
}

/// Reads a part; in other queries the columns that others have as well have the prefix `part_`.
pub(super) fn read(row: &Row<'_>) -> Result<Known, Error> {
    let place: String = row.get("place")?;
    let address: String = row.get("address")?;
    let format: String = row.get("format")?;
    let state: String = row.get("state")?;
    let column = |plain, prefixed| {
        if row.as_ref().column_index(prefixed).is_ok() { prefixed } else { plain }
    };
    let unknown = |what, word: &str| value::unreadable(what, word);
    Ok(Known {
        row: row.get(column("id", "part"))?,
        found: Found {
            export: row.get("export")?,
            series: row.get("series")?,
            number: row.get("number")?,
            name: row.get(column("name", "part_name"))?,
            part: Part {
                lies: match place.as_str() {
                    "drive" => Lies::InDrive(RemoteId(address)),
                    "disk" => Lies::OnDisk(PathBuf::from(address)),
                    other => return Err(unknown("a place", other)),
                },
                format: PartFormat::parse(&format).ok_or_else(|| unknown("a format", &format))?,
                size_bytes: row.get(column("size_bytes", "part_bytes"))?,
            },
            revision: row.get("revision")?,
        },
        state: (State::ALL.into_iter().find(|it| it.as_str() == state))
            .ok_or_else(|| unknown("a state", &state))?,
    })
}

/// Records how much of a part was read.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_state(db: &Connection, row: i64, state: State) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("export_part/set_state"))?;
    query.execute(named_params! { ":id": row, ":state": state.as_str() })?;
    Ok(())
}

/// Has those parts of an export count as not read that are there no more and were not whole.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn forget_damaged(db: &Connection, export: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("export_part/forget_damaged"))?;
    query.execute(named_params! { ":export": export })?;
    Ok(())
}

/// Returns the parts on disks, also those that are there no more.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn on_disk(db: &Connection) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql!("export_part/on_disk"))?;
    let rows = query.query_map([], |row| Ok(read(row)))?;
    rows.map(|known| known?).collect()
}

/// Records whether a part is there no more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_gone(db: &Connection, row: i64, is_gone: bool) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("export_part/set_gone"))?;
    query.execute(named_params! { ":id": row, ":gone": is_gone })?;
    Ok(())
}

/// Records that a part is there.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn see(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("export_part/see"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Records which of the parts in Drive are there no more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_gone(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("export_part/mark_gone"))?.execute([])?;
    Ok(())
}

/// A file in Drive that is called as a part of an export is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InDrive {
    /// Its id.
    pub id: RemoteId,
    /// Its name.
    pub title: String,
    /// Its length in bytes.
    pub size_bytes: u64,
    /// Names the state of its bytes.
    pub revision: String,
}

/// Returns the account's own files in Drive whose names begin as those of parts do.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn in_drive(db: &Connection) -> Result<Vec<InDrive>, Error> {
    let mut query = db.prepare_cached(sql!("export_part/in_drive"))?;
    let rows = query.query_map([], |row| {
        Ok(InDrive {
            id: RemoteId(row.get("remote_id")?),
            title: row.get("title")?,
            size_bytes: row.get::<_, Option<u64>>("size_bytes")?.unwrap_or_default(),
            revision: row.get::<_, Option<String>>("revision")?.unwrap_or_default(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

//! Rows of `entry`: what lies in the parts of Google Takeout's exports.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::export_part::{self, Known as KnownPart, State};
use super::{Error, sql, value};
use crate::model::{Crc32, Packed, Packing, PartFormat};

/// An entry, in its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub row: i64,
    /// What its part states of it.
    pub packed: Packed,
}

/// An entry of a folder, as far as it matters for what belongs to what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InFolder {
    /// Its row.
    pub row: i64,
    /// The part that it lies in: a row.
    pub part: i64,
    /// Its name.
    pub name: String,
    /// Its length in bytes, unpacked.
    pub size_bytes: u64,
    /// The CRC-32 of its bytes; `None`: not known.
    pub crc32: Option<Crc32>,
    /// Of a JSON file that was read: the row of what is in it.
    pub sidecar: Option<i64>,
    /// Of a picture or a film: the row of the item whose bytes it is, as far as is known.
    pub item: Option<i64>,
}

/// Records an entry of a part, and returns its row.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn add(db: &Connection, part: &KnownPart, packed: &Packed) -> Result<i64, Error> {
    let (folder, name) = packed.path.rsplit_once('/').unwrap_or(("", &packed.path));
    db.prepare_cached(sql!("entry/add"))?.execute(named_params! {
        ":part": part.row,
        ":export": part.found.export,
        ":folder": folder,
        ":name": name,
        ":size_bytes": packed.size_bytes,
        ":crc32": packed.crc32.map(|crc32| crc32.0),
        ":at": packed.at,
        ":packed_bytes": packed.packed_bytes,
        ":packing": packed.packing.as_str(),
    })?;
    Ok(db.last_insert_rowid())
}

/// Says whether a part is known to have an entry of that path.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_known(db: &Connection, part: &KnownPart, path: &str) -> Result<bool, Error> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut query = db.prepare_cached(sql!("entry/is_known"))?;
    let wanted = named_params! {
        ":part": part.row,
        ":export": part.found.export,
        ":folder": folder,
        ":name": name,
    };
    Ok(query.query_row(wanted, |row| row.get("is_known"))?)
}

/// Forgets what lies in a part.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear_part(db: &Connection, part: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("entry/clear_part"))?.execute(named_params! { ":part": part })?;
    Ok(())
}

/// Returns how many of the first entries of a part that is read once were read.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn read_so_far(db: &Connection, part: i64) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("entry/read_so_far"))?;
    Ok(query.query_row(named_params! { ":part": part }, |row| row.get("entries"))?)
}

/// Takes what equal JSON files had in them for what is in those of a part.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn recognise_sidecars(db: &Connection, part: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("entry/recognise_sidecars"))?;
    query.execute(named_params! { ":part": part })?;
    Ok(())
}

/// Returns JSON files of a part that were not read, in the order in which they lie there, from
/// behind the place `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unread(db: &Connection, part: i64, after: i64, most: u32) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql!("entry/unread"))?;
    let wanted = named_params! { ":part": part, ":after": after, ":most": most };
    let rows = query.query_map(wanted, |row| Ok(read(row)))?;
    rows.map(|known| known?).collect()
}

/// Returns how many JSON files are still to be read of parts of which it is known what is in
/// them.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_unread(db: &Connection) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("entry/count_unread"))?;
    Ok(query.query_row([], |row| row.get("entries"))?)
}

fn read(row: &Row<'_>) -> Result<Known, Error> {
    let (folder, name): (String, String) = (row.get("folder")?, row.get("name")?);
    let packing: String = row.get("packing")?;
    Ok(Known {
        row: row.get("id")?,
        packed: Packed {
            path: if folder.is_empty() { name } else { format!("{folder}/{name}") },
            size_bytes: row.get("size_bytes")?,
            crc32: row.get::<_, Option<u32>>("crc32")?.map(Crc32),
            at: row.get("at")?,
            packed_bytes: row.get("packed_bytes")?,
            packing: Packing::parse(&packing)
                .ok_or_else(|| value::unreadable("a packing", &packing))?,
        },
    })
}

/// Records what is in a JSON file.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_sidecar(db: &Connection, row: i64, sidecar: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("entry/set_sidecar"))?;
    query.execute(named_params! { ":id": row, ":sidecar": sidecar })?;
    Ok(())
}

/// Records whose bytes an entry is.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_item(db: &Connection, row: i64, item: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("entry/set_item"))?;
    query.execute(named_params! { ":id": row, ":item": item })?;
    Ok(())
}

/// Returns the first folder of an export behind `after`; `None`: there is no other.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn folder_after(
    db: &Connection,
    export: i64,
    after: Option<&str>,
) -> Result<Option<String>, Error> {
    // No path has a control character, so that nothing lies between the two.
    let from = after.map_or_else(String::new, |after| format!("{after}\u{1}"));
    let mut query = db.prepare_cached(sql!("entry/folder_after"))?;
    let wanted = named_params! { ":export": export, ":from": from };
    Ok(query.query_row(wanted, |row| row.get("folder")).optional()?)
}

/// Returns what lies in a folder of an export, in all of its parts.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn in_folder(db: &Connection, export: i64, folder: &str) -> Result<Vec<InFolder>, Error> {
    let mut query = db.prepare_cached(sql!("entry/in_folder"))?;
    let rows = query.query_map(named_params! { ":export": export, ":folder": folder }, |row| {
        Ok(InFolder {
            row: row.get("id")?,
            part: row.get("part")?,
            name: row.get("name")?,
            size_bytes: row.get("size_bytes")?,
            crc32: row.get::<_, Option<u32>>("crc32")?.map(Crc32),
            sidecar: row.get("sidecar")?,
            item: row.get("item")?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns the path of an entry in its export.
///
/// # Errors
///
/// [`Error::Sqlite`] (also if there is none).
pub fn path(db: &Connection, row: i64) -> Result<String, Error> {
    let mut query = db.prepare_cached(sql!("entry/path"))?;
    Ok(query.query_row(named_params! { ":id": row }, |row| row.get("path"))?)
}

/// Returns the item of another entry of the export that has the bytes and the name of `entry`,
/// if one is known by its sidecar.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn like(db: &Connection, export: i64, entry: &InFolder) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("entry/like"))?;
    let wanted = named_params! {
        ":export": export,
        ":name": entry.name,
        ":size_bytes": entry.size_bytes,
        ":crc32": entry.crc32.map(|crc32| crc32.0),
    };
    Ok(query.query_row(wanted, |row| row.get("item")).optional()?)
}

/// Returns where an item's bytes are to be had, if they are: the part, and the entry.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_item(db: &Connection, item: i64) -> Result<Option<(KnownPart, Known)>, Error> {
    let mut query = db.prepare_cached(sql!("entry/of_item"))?;
    let mut rows = query.query(named_params! { ":item": item })?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((export_part::read(row)?, read(row)?)))
}

/// Records that where [`of_item`] says that an item's bytes are to be had they are damaged. They
/// are until the part is another.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_broken(db: &Connection, item: i64) -> Result<(), Error> {
    let Some((part, entry)) = of_item(db, item)? else { return Ok(()) };
    if part.found.part.format == PartFormat::Folder {
        // It is not what it was: it is read anew.
        return export_part::set_state(db, part.row, State::New);
    }
    let mut query = db.prepare_cached(sql!("entry/set_broken"))?;
    query.execute(named_params! { ":id": entry.row })?;
    Ok(())
}

/// Returns what is to be fetched of what lies in parts that are read once: the parts, and what
/// they state of it.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn due_in_streams(db: &Connection) -> Result<Vec<(KnownPart, Packed)>, Error> {
    let mut query = db.prepare_cached(sql!("entry/due_in_streams"))?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((export_part::read(row)?, read(row)?.packed));
    }
    Ok(found)
}

/// Says whether any entry but `except` is that item's.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_item_named(db: &Connection, item: i64, except: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("entry/is_item_named"))?;
    let wanted = named_params! { ":item": item, ":except": except };
    Ok(query.query_row(wanted, |row| row.get("is_named"))?)
}

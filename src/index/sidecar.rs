//! Rows of `sidecar`: the JSON files of Google Takeout's exports, as they are.

use std::io::{Read as _, Write as _};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use rusqlite::{Connection, named_params};

use super::{Error, sql, value};
use crate::model::Crc32;

/// The longest JSON that is kept, in bytes.
const JSON_MAX: u64 = 64 << 20;

/// Records what is in a JSON file, and returns its row.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, name: &str, crc32: Crc32, json: &[u8]) -> Result<i64, Error> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let packed = packed.write_all(json).and_then(|()| packed.finish());
    let packed = packed.map_err(|error| value::unreadable("a JSON file", &error.to_string()))?;
    add(db, (name, json.len(), crc32), &packed)?;
    find(db, (name, json.len(), crc32))
}

fn add(
    db: &Connection,
    (name, size_bytes, crc32): (&str, usize, Crc32),
    packed: &[u8],
) -> Result<(), Error> {
    db.prepare_cached(sql!("sidecar/add"))?.execute(named_params! {
        ":name": name,
        ":size_bytes": size_bytes,
        ":crc32": crc32.0,
        ":json": packed,
    })?;
    Ok(())
}

fn find(db: &Connection, (name, size_bytes, crc32): (&str, usize, Crc32)) -> Result<i64, Error> {
    let mut query = db.prepare_cached(sql!("sidecar/find"))?;
    let wanted = named_params! { ":name": name, ":size_bytes": size_bytes, ":crc32": crc32.0 };
    Ok(query.query_row(wanted, |row| row.get("id"))?)
}

/// Returns the JSON in row `row`.
///
/// # Errors
///
/// [`Error::Sqlite`] (also if there is none), [`Error::Unreadable`].
pub fn get(db: &Connection, row: i64) -> Result<Vec<u8>, Error> {
    let mut query = db.prepare_cached(sql!("sidecar/get"))?;
    let packed: Vec<u8> = query.query_row(named_params! { ":id": row }, |row| row.get("json"))?;
    let mut json = Vec::new();
    (ZlibDecoder::new(packed.as_slice()).take(JSON_MAX).read_to_end(&mut json))
        .map_err(|error| value::unreadable("a JSON file", &error.to_string()))?;
    Ok(json)
}

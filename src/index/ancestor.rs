//! Reads the index that gphotos-sync 1.x to 3.x left in the root of its tree. Nothing is written
//! there, not even what SQLite keeps beside a database.
//!
//! What is in it is believed only of files that lie there: it may be older than the tree, and
//! the tree may have been moved since.

use std::path::Path;

use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row, named_params};

use super::{Error, sql};

/// From which version of its tables on the first of equal names after the one that has none
/// is number 2. Before that it is number 1.
const FROM_TWO: f64 = 3.0;

/// The index of an older gphotos-sync.
#[derive(Debug)]
pub struct Ancestor {
    db: Connection,
    /// Which number the second of equal names has.
    first_number: i64,
}

/// What it knew of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Its folder: relative to the tree, or, of 1.x, absolute as it was then.
    pub folder: String,
    /// Its name at Google.
    pub title: Option<String>,
    /// When it was made, by Google's word.
    pub created_at: Option<DateTime<Utc>>,
    /// What a person wrote of it.
    pub description: Option<String>,
}

/// An album.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Album {
    /// Google's id of it.
    pub id: String,
    /// Its title.
    pub title: String,
}

impl Ancestor {
    /// Opens the index at `path`. `None` if it is none of the older gphotos-sync.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`] if it is not to be opened.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        // What is told as immutable is neither locked nor recovered.
        let path: String =
            path.as_os_str().as_encoded_bytes().iter().copied().map(escaped).collect();
        let address = format!("file:{path}?mode=ro&immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let db = Connection::open_with_flags(address, flags)?;
        // What is in it is another program's: it may name no function, and no table that is a view.
        db.pragma_update(None, "trusted_schema", "off")?;
        Ok(version(&db)
            .map(|version| Self { db, first_number: if version < FROM_TWO { 1 } else { 2 } }))
    }

    /// What it knew of the file of that name in that folder, relative to the tree.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn fact(&self, folder: &str, name: &str) -> Result<Option<Fact>, Error> {
        let mut facts = named(&self.db, name)?;
        if !facts.iter().any(|fact| is_in(fact, folder))
            && let Some((title, number)) = unnumbered(name)
        {
            facts = numbered(&self.db, &title, number - self.first_number + 1)?;
        }
        Ok(facts.into_iter().find(|fact| is_in(fact, folder)))
    }

    /// The first album behind the one of id `after`; `None` behind the last.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`], also if it is an index of 1.x, which has no ids of albums.
    pub fn album_after(&self, after: &str) -> Result<Option<Album>, Error> {
        albums(&self.db, after)
    }

    /// Where the files in an album lie, in its order: the folder, as in [`Fact`], and the names
    /// that the file may have there.
    ///
    /// # Errors
    ///
    /// [`Error::Sqlite`].
    pub fn in_album(&self, album: &str) -> Result<Vec<(String, Vec<String>)>, Error> {
        let files = in_album(&self.db, album)?.into_iter();
        Ok(files
            .map(|(folder, name, title, number)| {
                let mut names = vec![name];
                let title = title.filter(|_| number > 0);
                names.extend(title.map(|it| with_number(&it, number + self.first_number - 1)));
                (folder, names)
            })
            .collect())
    }
}

/// A byte of a path, as it is written in an address.
fn escaped(byte: u8) -> String {
    match byte {
        b'/' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    }
}

fn version(db: &Connection) -> Option<f64> {
    let mut query = db.prepare(sql!("ancestor/version")).ok()?;
    query.query_row([], |row| row.get("version")).ok()
}

fn named(db: &Connection, name: &str) -> Result<Vec<Fact>, Error> {
    let mut query = db.prepare_cached(sql!("ancestor/named"))?;
    let rows = query.query_map(named_params! { ":name": name }, fact)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn numbered(db: &Connection, title: &str, number: i64) -> Result<Vec<Fact>, Error> {
    let mut query = db.prepare_cached(sql!("ancestor/numbered"))?;
    let wanted = named_params! { ":title": title, ":number": number };
    let rows = query.query_map(wanted, fact)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn albums(db: &Connection, after: &str) -> Result<Option<Album>, Error> {
    let mut query = db.prepare_cached(sql!("ancestor/albums"))?;
    let read = |row: &Row<'_>| {
        let title = text(row.get("AlbumName")?).unwrap_or_default();
        Ok(Album { id: row.get("RemoteId")?, title })
    };
    Ok(query.query_row(named_params! { ":after": after }, read).optional()?)
}

/// The folder, the name, the title and the number of equal names.
type InAlbum = (String, String, Option<String>, i64);

fn in_album(db: &Connection, album: &str) -> Result<Vec<InAlbum>, Error> {
    let mut query = db.prepare_cached(sql!("ancestor/in_album"))?;
    let rows = query.query_map(named_params! { ":album": album }, |row| {
        let part = |column| Ok::<_, rusqlite::Error>(text(row.get(column)?));
        let number = row.get::<_, Option<i64>>("DuplicateNo")?.unwrap_or_default();
        let (folder, name) = (part("Path")?, part("FileName")?);
        Ok((folder.unwrap_or_default(), name.unwrap_or_default(), part("OrigFileName")?, number))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn fact(row: &Row<'_>) -> rusqlite::Result<Fact> {
    Ok(Fact {
        folder: text(row.get("Path")?).unwrap_or_default(),
        title: text(row.get("OrigFileName")?),
        created_at: time(row.get("CreateDate")?),
        description: text(row.get("Description")?),
    })
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// A time as seconds since 1970, or as Python writes one. 1970 itself stands for none.
fn time(value: Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Integer(seconds) if seconds != 0 => DateTime::from_timestamp(seconds, 0),
        Value::Real(seconds) if seconds != 0.0 => {
            // No time is beyond what an i64 of milliseconds holds; such a value saturates.
            #[expect(clippy::cast_possible_truncation, reason = "saturates")]
            DateTime::from_timestamp_millis((seconds * 1000.0).round() as i64)
        }
        Value::Text(text) => {
            let at = DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%:z").ok();
            let at = at.or_else(|| DateTime::parse_from_rfc3339(&text).ok());
            let bare = || {
                ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
                    .iter()
                    .find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok())
            };
            at.map(|at| at.to_utc()).or_else(|| Some(bare()?.and_utc()))
        }
        _ => None,
    }
}

/// Says whether a file lay in that folder of the tree, wherever the tree was then.
fn is_in(fact: &Fact, folder: &str) -> bool {
    let known = fact.folder.trim_end_matches('/');
    let rest = known.strip_suffix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('/') || folder.is_empty())
}

/// Takes `name (2).jpg` apart.
fn unnumbered(name: &str) -> Option<(String, i64)> {
    let dot = name.rfind('.').filter(|dot| *dot > 0).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    let (stem, number) = stem.strip_suffix(')')?.rsplit_once(" (")?;
    let number: i64 = number.parse().ok().filter(|number| (1..1_000_000).contains(number))?;
    Some((format!("{stem}{extension}"), number))
}

fn with_number(name: &str, number: i64) -> String {
    let dot = name.rfind('.').filter(|dot| *dot > 0).unwrap_or(name.len());
    let (stem, extension) = name.split_at(dot);
    format!("{stem} ({number}){extension}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_seconds_and_as_text() {
        for (value, expected) in [
            (Value::Integer(1_557_655_872), Some("2019-05-12T10:11:12Z")),
            (Value::Real(1_557_655_872.5), Some("2019-05-12T10:11:12.500Z")),
            (Value::Integer(-86_400), Some("1969-12-31T00:00:00Z")),
            (Value::Text("2019-05-12 10:11:12".into()), Some("2019-05-12T10:11:12Z")),
            (Value::Text("2019-05-12 10:11:12.25".into()), Some("2019-05-12T10:11:12.250Z")),
            (Value::Text("2019-05-12 12:11:12+02:00".into()), Some("2019-05-12T10:11:12Z")),
            (Value::Text("2019-05-12T10:11:12Z".into()), Some("2019-05-12T10:11:12Z")),
            (Value::Integer(0), None),
            (Value::Real(f64::INFINITY), None),
            (Value::Text("yesterday".into()), None),
            (Value::Null, None),
        ] {
            let expected = expected.map(|at| at.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(time(value.clone()), expected, "{value:?}");
        }
    }

    #[test]
    fn a_folder_is_known_wherever_the_tree_was() {
        for (known, folder, expected) in [
            ("photos/2019/05", "photos/2019/05", true),
            ("/home/me/gphotos/drive/Trip", "drive/Trip", true),
            ("/home/me/gphotos/drive/Trip/", "drive/Trip", true),
            ("/home/me/overdrive/Trip", "drive/Trip", false),
            ("photos/2019/06", "photos/2019/05", false),
        ] {
            let fact =
                Fact { folder: known.into(), title: None, created_at: None, description: None };
            assert_eq!(is_in(&fact, folder), expected, "{known} {folder}");
        }
    }

    #[test]
    fn numbered_names_are_taken_apart_and_put_together() {
        for (name, expected) in [
            ("a (1).jpg", Some(("a.jpg", 1))),
            ("a (2)", Some(("a", 2))),
            ("a (1) (2).tar.gz", None),
            ("a (x).jpg", None),
            ("a(1).jpg", None),
            ("a.jpg", None),
        ] {
            let found = unnumbered(name);
            let found = found.as_ref().map(|(title, number)| (title.as_str(), *number));
            assert_eq!(found, expected, "{name}");
            if let Some((title, number)) = found {
                assert_eq!(with_number(title, number), name);
            }
        }
    }
}

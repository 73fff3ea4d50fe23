//! Reads rows of `item` back into items.
//!
//! Whole libraries go through here. So columns are taken by their order, which all queries
//! that [`select`] runs have in common, and texts that are words of ours are not copied.

use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, Row, ToSql, named_params};

use super::{Error, Known};
use crate::index::{sql, value};
use crate::model::{
    Form, Item, ItemKey, Kind, Marks, RemoteId, Revision, Shot, SourceId, TakenFrom,
};

pub(super) fn select(
    db: &Connection,
    sql: &str,
    params: &[(&str, &dyn ToSql)],
) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(db, &mut Columns { row, next: 0 })?);
    }
    Ok(found)
}

/// The columns of a row, one after another.
struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    fn value<T: FromSql>(&mut self) -> Result<T, Error> {
        self.next += 1;
        Ok(self.row.get(self.next - 1)?)
    }

    fn plain(&mut self) -> Result<ValueRef<'a>, Error> {
        self.next += 1;
        Ok(self.row.get_ref(self.next - 1)?)
    }

    fn word(&mut self) -> Result<Option<&'a str>, Error> {
        let word = self.plain()?.as_str_or_null();
        word.map_err(|error| value::unreadable("a word", &error.to_string()))
    }

    fn bytes<const N: usize>(&mut self, what: &'static str) -> Result<Option<[u8; N]>, Error> {
        match self.plain()? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => match bytes.try_into() {
                Ok(bytes) => Ok(Some(bytes)),
                Err(_) => Err(value::unreadable(what, &format!("{bytes:?}"))),
            },
            other => Err(value::unreadable(what, &format!("{other:?}"))),
        }
    }

    fn time(&mut self) -> Result<Option<chrono::DateTime<chrono::Utc>>, Error> {
        self.value::<Option<i64>>()?.map(value::time).transpose()
    }
}

fn read(db: &Connection, columns: &mut Columns<'_>) -> Result<Known, Error> {
    let row = columns.value()?;
    Ok(Known {
        row,
        gone: columns.value()?,
        missing: columns.value()?,
        seen: columns.value()?,
        folder: columns.value()?,
        form: read_form(columns)?,
        held: columns.value::<Option<String>>()?.map(Revision),
        item: read_item(db, row, columns)?,
    })
}

fn read_form(columns: &mut Columns<'_>) -> Result<Option<Form>, Error> {
    let (word, export_as, extension) = (columns.word()?, columns.value()?, columns.value()?);
    let Some(word) = word else { return Ok(None) };
    let form = Form::parse(word, export_as, extension);
    form.map(Some).ok_or_else(|| value::unreadable("a form", word))
}

fn read_item(db: &Connection, row: i64, columns: &mut Columns<'_>) -> Result<Item, Error> {
    Ok(Item {
        key: read_key(columns)?,
        kind: read_kind(columns)?,
        title: columns.value()?,
        mime_type: columns.value()?,
        parents: read_parents(db, row, columns)?,
        size_bytes: columns.value()?,
        md5: columns.bytes("an MD5")?.map(crate::model::Md5),
        sha256: columns.bytes("a SHA-256")?.map(crate::model::Sha256),
        revision: columns.value::<Option<String>>()?.map(Revision),
        created_at: columns.time()?,
        modified_at: columns.time()?,
        owned: columns.value()?,
        marks: Marks {
            trashed: columns.value()?,
            favourite: columns.value()?,
            withheld: columns.value()?,
            computer: columns.value()?,
            in_shared_drive: columns.value()?,
        },
        shot: read_shot(columns)?,
        description: columns.value()?,
    })
}

fn read_key(columns: &mut Columns<'_>) -> Result<ItemKey, Error> {
    let source: SourceId = value::source(columns.word()?.unwrap_or_default())?;
    Ok(ItemKey { source, id: RemoteId(columns.value()?) })
}

fn read_kind(columns: &mut Columns<'_>) -> Result<Kind, Error> {
    let (kind, target) = (columns.word()?.unwrap_or_default(), columns.value()?);
    match (kind, target) {
        ("file", _) => Ok(Kind::File),
        ("folder", _) => Ok(Kind::Folder),
        ("native", _) => Ok(Kind::Native),
        ("shortcut", Some(target)) => Ok(Kind::Shortcut { target: RemoteId(target) }),
        (other, _) => Err(value::unreadable("a kind of item", other)),
    }
}

/// Few items have more than one, so the others are asked for only where there are any.
fn read_parents(
    db: &Connection,
    row: i64,
    columns: &mut Columns<'_>,
) -> Result<Vec<RemoteId>, Error> {
    let first: Option<String> = columns.value()?;
    let mut found: Vec<_> = first.into_iter().map(RemoteId).collect();
    if columns.value()? {
        found.extend(parents(db, row)?);
    }
    Ok(found)
}

fn read_shot(columns: &mut Columns<'_>) -> Result<Shot, Error> {
    let taken_at = columns.time()?;
    let taken_from = columns.word()?.and_then(TakenFrom::parse);
    Ok(Shot {
        taken: taken_at.zip(taken_from),
        width: columns.value()?,
        height: columns.value()?,
        camera: columns.value()?,
        latitude: columns.value()?,
        longitude: columns.value()?,
        duration_ms: columns.value()?,
    })
}

pub(super) fn parents(db: &Connection, row: i64) -> Result<Vec<RemoteId>, Error> {
    let mut query = db.prepare_cached(sql!("item/parents"))?;
    let rows = query.query_map(named_params! { ":item": row }, |row| row.get("parent"))?;
    Ok(rows.map(|id| id.map(RemoteId)).collect::<Result<_, _>>()?)
}

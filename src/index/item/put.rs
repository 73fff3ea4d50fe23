//! Records items as their sources describe them.

use rusqlite::{Connection, Statement, ToSql, named_params};

use super::{Error, Seated};
use crate::index::sql;
use crate::model::{Form, Item, Kind, RemoteId, Revision};

/// Records an item as the source described it in listing `number`, and returns its row:
/// `known`, if it had one before. Where it hangs has to be decided anew.
///
/// # Errors
///
/// [`Error::Sqlite`], in particular if it is known and `known` does not say so.
pub fn put(db: &Connection, item: &Item, number: i64, known: Option<i64>) -> Result<i64, Error> {
    let Some(row) = known else {
        let added = add(db, item, number, None)?;
        return added.ok_or(Error::Sqlite(rusqlite::Error::QueryReturnedNoRows));
    };
    change(db, row, item, number)?;
    clear_parents(db, row)?;
    add_parents(db, row, item)?;
    Ok(row)
}

/// Records an item that is new, as the source described it in listing `number`, and where it
/// hangs as far as that is decided. Returns its row; `None`, and nothing is recorded, if it
/// is not new.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn add(
    db: &Connection,
    item: &Item,
    number: i64,
    seated: Option<&Seated>,
) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("item/add"))?;
    query.raw_bind_parameter(1, item.key.source.as_str())?;
    query.raw_bind_parameter(2, item.key.id.as_str())?;
    let next = describe(&mut query, 3, item, number)?;
    let form = seated.and_then(|seated| seated.form.as_ref());
    let values: [&dyn ToSql; 6] = [
        &seated.map(|seated| seated.folder),
        &form.map(Form::as_str),
        &form.and_then(Form::mime_type),
        &form.and_then(Form::extension),
        &seated.and_then(|seated| seated.why_not.as_deref()),
        &seated.is_some_and(|seated| seated.due),
    ];
    for (index, value) in (next..).zip(values) {
        query.raw_bind_parameter(index, value)?;
    }
    if query.raw_execute()? == 0 {
        return Ok(None);
    }
    drop(query);
    let row = db.last_insert_rowid();
    add_parents(db, row, item)?;
    Ok(Some(row))
}

fn change(db: &Connection, row: i64, item: &Item, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/change"))?;
    let next = describe(&mut query, 1, item, number)?;
    query.raw_bind_parameter(next, row)?;
    query.raw_execute()?;
    Ok(())
}

/// Binds what both queries tell of an item, in the order in which both name it: to look for
/// each by its name costs as much as to insert a row. Returns what comes after it.
fn describe(
    query: &mut Statement<'_>,
    first: usize,
    item: &Item,
    number: i64,
) -> Result<usize, Error> {
    let (marks, shot) = (&item.marks, &item.shot);
    let target = match &item.kind {
        Kind::Shortcut { target } => Some(target.as_str()),
        _ => None,
    };
    let values: [&dyn ToSql; 27] = [
        &item.kind.as_str(),
        &item.title,
        &item.mime_type,
        &item.parents.first().map(RemoteId::as_str),
        &target,
        &item.size_bytes,
        &item.md5.map(|md5| md5.0),
        &item.sha256.map(|sha256| sha256.0),
        &item.revision.as_ref().map(Revision::as_str),
        &item.created_at.map(|at| at.timestamp_millis()),
        &item.modified_at.map(|at| at.timestamp_millis()),
        &item.owned,
        &marks.trashed,
        &marks.favourite,
        &marks.withheld,
        &marks.computer,
        &marks.in_shared_drive,
        &shot.taken.map(|(at, _)| at.timestamp_millis()),
        &shot.taken.map(|(_, from)| from.as_str()),
        &shot.width,
        &shot.height,
        &shot.camera,
        &shot.latitude,
        &shot.longitude,
        &shot.duration_ms,
        &item.description,
        &number,
    ];
    for (index, value) in (first..).zip(values) {
        query.raw_bind_parameter(index, value)?;
    }
    Ok(first + values.len())
}

fn add_parents(db: &Connection, row: i64, item: &Item) -> Result<(), Error> {
    let mut further = item.parents.iter().enumerate().skip(1);
    further.try_for_each(|(ordinal, parent)| add_parent(db, row, ordinal, parent))
}

fn clear_parents(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("item/clear_parents"))?.execute(named_params! { ":item": row })?;
    Ok(())
}

fn add_parent(db: &Connection, row: i64, ordinal: usize, parent: &RemoteId) -> Result<(), Error> {
    db.prepare_cached(sql!("item/add_parent"))?.execute(named_params! {
        ":item": row,
        ":ordinal": ordinal,
        ":parent": parent.as_str(),
    })?;
    Ok(())
}

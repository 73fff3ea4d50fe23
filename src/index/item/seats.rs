//! Where items hang, and in which form they are kept.

use rusqlite::{Connection, named_params, params};

use super::{Error, Seated};
use crate::index::sql;
use crate::model::{Form, ItemKey, SourceId};

/// Has it decided anew where the children of the folder `key` hang.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat_children(db: &Connection, key: &ItemKey) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/unseat_children"))?;
    let (source, parent) = (key.source.as_str(), key.id.as_str());
    query.execute(named_params! { ":source": source, ":parent": parent })?;
    unseat_further_children(db, parent)
}

fn unseat_further_children(db: &Connection, parent: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/unseat_further_children"))?;
    query.execute(named_params! { ":parent": parent })?;
    Ok(())
}

/// Has it decided anew for all items of `source` where they hang and how they are kept.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat_all(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/unseat_all"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Has it decided anew for all that is below the folders of which it has to be.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat_below(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/unseat_below"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Has it decided anew where the items hang that have no place of their own because
/// their bytes are in the file in row `file`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat_sharers(db: &Connection, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("item/unseat_sharers"))?.execute(named_params! { ":file": file })?;
    Ok(())
}

/// Records where an item hangs and how it is kept.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn seat(db: &Connection, row: i64, seated: &Seated) -> Result<(), Error> {
    // By the order in which the query names them: it runs for each item of a library.
    db.prepare_cached(sql!("item/seat"))?.execute(params![
        seated.folder,
        seated.form.as_ref().map(Form::as_str),
        seated.form.as_ref().and_then(Form::mime_type),
        seated.form.as_ref().and_then(Form::extension),
        seated.why_not,
        seated.due,
        row,
    ])?;
    Ok(())
}

/// Records where the `ordinal`-th further parent of an item leads.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn seat_parent(
    db: &Connection,
    row: i64,
    ordinal: usize,
    folder: Option<i64>,
) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/seat_parent"))?;
    query.execute(named_params! { ":item": row, ":ordinal": ordinal, ":folder": folder })?;
    Ok(())
}

/// Records that an item is no longer kept in any form; returns the folder that it hangs in.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn drop_form(db: &Connection, row: i64) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("item/drop_form"))?;
    Ok(query.query_row(named_params! { ":id": row }, |row| row.get("folder"))?)
}

/// Records that an item is kept in `form` again, with nothing to fetch; returns the
/// folder that it hangs in.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_form(db: &Connection, row: i64, form: &Form) -> Result<Option<i64>, Error> {
    let kept = named_params! {
        ":id": row,
        ":form": form.as_str(),
        ":export_as": form.mime_type(),
        ":extension": form.extension(),
    };
    let mut query = db.prepare_cached(sql!("item/set_form"))?;
    Ok(query.query_row(kept, |row| row.get("folder"))?)
}

/// Records in which form an item is kept. Where it hangs has to be decided anew.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn keep_as(db: &Connection, row: i64, form: &Form) -> Result<(), Error> {
    db.prepare_cached(sql!("item/keep_as"))?.execute(named_params! {
        ":id": row,
        ":form": form.as_str(),
        ":export_as": form.mime_type(),
        ":extension": form.extension(),
    })?;
    Ok(())
}

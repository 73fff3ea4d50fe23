//! Rows of `person`: who is in a picture.

use rusqlite::{Connection, named_params};

use super::{Error, sql};

/// Records that just these people are in an item's picture.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, item: i64, names: &[String]) -> Result<(), Error> {
    clear(db, item)?;
    names.iter().try_for_each(|name| add(db, item, name))
}

fn clear(db: &Connection, item: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("person/clear"))?.execute(named_params! { ":item": item })?;
    Ok(())
}

fn add(db: &Connection, item: i64, name: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("person/add"))?;
    query.execute(named_params! { ":item": item, ":name": name })?;
    Ok(())
}

/// Returns who is in an item's picture.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn of_item(db: &Connection, item: i64) -> Result<Vec<String>, Error> {
    let mut query = db.prepare_cached(sql!("person/of_item"))?;
    let rows = query.query_map(named_params! { ":item": item }, |row| row.get("name"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

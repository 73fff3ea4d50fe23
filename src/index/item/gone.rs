//! Items that are gone, or that a listing did not have.

use rusqlite::{Connection, named_params};

use super::Error;
use crate::index::sql;
use crate::model::{RemoteId, SourceId, Standing};

/// Records how an item stands at its source by now, as far as that was not recorded with
/// its description.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_standing(db: &Connection, row: i64, standing: Standing) -> Result<(), Error> {
    let (is_gone, is_missing) = match standing {
        Standing::Listed | Standing::Trashed => (Some(false), false),
        Standing::Missing => (Some(false), true),
        Standing::Gone => (Some(true), false),
        // What it was before stays to be seen.
        Standing::Doubted => (None, true),
    };
    db.prepare_cached(sql!("item/set_standing"))?
        .execute(named_params! { ":id": row, ":gone": is_gone, ":missing": is_missing })?;
    Ok(())
}

/// Forgets an item of which the archive holds nothing. One that was removed from the
/// archive is gone and stays known: what became of it can still be asked.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, row: i64) -> Result<(), Error> {
    set_standing(db, row, Standing::Gone)?;
    db.prepare_cached(sql!("item/remove"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Forgets the items that the complete listing `number` did not have and of
/// which the archive holds nothing; returns the folders they were in.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove_unseen(
    db: &Connection,
    source: SourceId,
    number: i64,
) -> Result<Vec<Option<i64>>, Error> {
    let mut query = db.prepare_cached(sql!("item/remove_unseen"))?;
    let unseen = named_params! { ":source": source.as_str(), ":number": number };
    let folders = query.query_map(unseen, |row| row.get("folder"))?;
    Ok(folders.collect::<Result<_, _>>()?)
}

/// Marks the held items that the complete listing `number` did not have: they are to
/// be asked for by their ids, also those of which that was known before.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_missing(db: &Connection, source: SourceId, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/mark_missing"))?;
    query.execute(named_params! { ":source": source.as_str(), ":number": number })?;
    Ok(())
}

/// Puts in question that held items are gone whose files could go for it: they are to be
/// asked for again.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn doubt_gone(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/doubt_gone"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Returns the rows and ids of items that a complete listing did not have and that were
/// not asked for yet, from after row `after`, `most` at the most. Those that were gone
/// before are of interest only where something may be removed.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn missing(
    db: &Connection,
    source: SourceId,
    may_remove: bool,
    (after, most): (i64, u32),
) -> Result<Vec<(i64, RemoteId)>, Error> {
    let mut query = db.prepare_cached(sql!("item/missing"))?;
    let wanted = named_params! {
        ":source": source.as_str(),
        ":may_remove": may_remove,
        ":after": after,
        ":most": most,
    };
    let rows = query.query_map(wanted, |row| {
        let id: String = row.get("remote_id")?;
        Ok((row.get("id")?, RemoteId(id)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Returns how many items of `source` a complete listing did not have and were not
/// asked for yet, of those whose files could go if they are gone.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_missing(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("item/count_missing"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("items"))?)
}

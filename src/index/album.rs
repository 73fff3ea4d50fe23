//! Rows of `album` and `album_item`: what the sources have for albums, and what is in them.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use super::{Error, sql};
use crate::model::{Album, RemoteId, SourceId};

/// An album as the index knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its row.
    pub row: i64,
    /// The album.
    pub album: Album,
    /// The source has it no more.
    pub gone: bool,
}

/// Returns what is known of an album of `source`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn find(db: &Connection, source: SourceId, id: &RemoteId) -> Result<Option<Known>, Error> {
    let mut query = db.prepare_cached(sql!("album/find"))?;
    let key = named_params! { ":source": source.as_str(), ":remote_id": id.as_str() };
    Ok(query.query_row(key, read).optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Known> {
    Ok(Known {
        row: row.get("id")?,
        album: Album {
            id: RemoteId(row.get("remote_id")?),
            title: row.get("title")?,
            items: row.get("items")?,
            cover: row.get::<_, Option<String>>("cover")?.map(RemoteId),
        },
        gone: row.get("gone")?,
    })
}

/// Records an album that list `number` told of, new or other than before: what is in it
/// has to be read.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(db: &Connection, source: SourceId, album: &Album, number: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("album/put"))?.execute(named_params! {
        ":source": source.as_str(),
        ":remote_id": album.id.as_str(),
        ":title": album.title,
        ":items": album.items,
        ":cover": album.cover.as_ref().map(RemoteId::as_str),
        ":seen": number,
    })?;
    Ok(())
}

/// Records that list `number` had the album unchanged.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn see(db: &Connection, row: i64, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/see"))?;
    query.execute(named_params! { ":id": row, ":seen": number })?;
    Ok(())
}

/// Returns the number of the last list of albums; 0 before the first.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn last_number(db: &Connection, source: SourceId) -> Result<i64, Error> {
    let mut query = db.prepare_cached(sql!("album/last_number"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("number"))?)
}

/// Returns some album that `source` has, as far as is known.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any_of(db: &Connection, source: SourceId) -> Result<Option<RemoteId>, Error> {
    let mut query = db.prepare_cached(sql!("album/any_of"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("remote_id").map(RemoteId)).optional()?)
}

/// Has what is in each album of `source` read anew.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_all_stale(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/mark_all_stale"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Records that the albums that the complete list `number` did not have are gone.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_unseen_gone(db: &Connection, source: SourceId, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/mark_unseen_gone"))?;
    query.execute(named_params! { ":source": source.as_str(), ":number": number })?;
    Ok(())
}

/// Records that the source has an album no more.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn mark_gone(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("album/mark_gone"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Says whether the source counts items in an album of which something is known to be in
/// it.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn has_lost_all(db: &Connection, row: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("album/has_lost_all"))?;
    let found = query.query_row(named_params! { ":id": row }, |row| row.get("has_lost_all"))?;
    Ok(Option::<bool>::unwrap_or_default(found))
}

/// Returns the title of an album.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn title(db: &Connection, row: i64) -> Result<String, Error> {
    let mut query = db.prepare_cached(sql!("album/title"))?;
    Ok(query.query_row(named_params! { ":id": row }, |row| row.get("title"))?)
}

/// Returns of how many albums it has to be read what is in them.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_stale(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("album/count_stale"))?;
    Ok(query.query_row(named_params! { ":source": source.as_str() }, |row| row.get("albums"))?)
}

/// Returns the first album behind row `after` of which it has to be read what is in it.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn next_stale(
    db: &Connection,
    source: SourceId,
    after: i64,
) -> Result<Option<(i64, RemoteId)>, Error> {
    let mut query = db.prepare_cached(sql!("album/next_stale"))?;
    let behind = named_params! { ":source": source.as_str(), ":after": after };
    let album = |row: &Row<'_>| Ok((row.get("id")?, RemoteId(row.get("remote_id")?)));
    Ok(query.query_row(behind, album).optional()?)
}

/// Records what is in an album, in its order: rows of items, none of them twice.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn fill(db: &Connection, row: i64, items: &[i64]) -> Result<(), Error> {
    clear_items(db, row)?;
    for (position, item) in (1_i64..).zip(items) {
        add_item(db, row, position, *item)?;
    }
    settle(db, row)
}

/// Returns the rows of what is in an album and of `items`, in the order of time.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn by_time(db: &Connection, row: i64, items: &[i64]) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("album/by_time"))?;
    let items = serde_json::json!(items).to_string();
    let rows =
        query.query_map(named_params! { ":album": row, ":items": items }, |row| row.get("id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn clear_items(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("album/clear_items"))?.execute(named_params! { ":album": row })?;
    Ok(())
}

fn add_item(db: &Connection, row: i64, position: i64, item: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/add_item"))?;
    query.execute(named_params! { ":album": row, ":position": position, ":item": item })?;
    Ok(())
}

fn settle(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("album/settle"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Returns the items that are in an album, as rows, in no order.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn items(db: &Connection, row: i64) -> Result<Vec<i64>, Error> {
    let mut query = db.prepare_cached(sql!("album/items"))?;
    let rows = query.query_map(named_params! { ":album": row }, |row| row.get("item"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Has one item be in albums in the place of another.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn replace_item(db: &Connection, before: i64, known: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/replace_item"))?;
    query.execute(named_params! { ":before": before, ":known": known })?;
    Ok(())
}

/// Puts items in the order in which they were taken, then by their names in that folder of that
/// export.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn in_order(
    db: &Connection,
    items: &[i64],
    (export, folder): (i64, &str),
) -> Result<Vec<i64>, Error> {
    let items = serde_json::json!(items).to_string();
    let mut query = db.prepare_cached(sql!("album/in_order"))?;
    let wanted = named_params! { ":items": items, ":export": export, ":folder": folder };
    let rows = query.query_map(wanted, |row| row.get("id"))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records what a person wrote of an album.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_description(db: &Connection, row: i64, text: Option<&str>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("album/set_description"))?;
    query.execute(named_params! { ":id": row, ":description": text })?;
    Ok(())
}

/// Returns the albums that `source` has, as rows, with their titles.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn titles(db: &Connection, source: SourceId) -> Result<Vec<(i64, String)>, Error> {
    let mut query = db.prepare_cached(sql!("album/titles"))?;
    let source = named_params! { ":source": source.as_str() };
    let titles = query.query_map(source, |row| Ok((row.get("id")?, row.get("title")?)))?;
    Ok(titles.collect::<Result<_, _>>()?)
}

/// Says whether `item` is in any of `albums`. A clip is where its still is.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn has(db: &Connection, albums: &[i64], item: i64) -> Result<bool, Error> {
    let albums = serde_json::json!(albums).to_string();
    let mut query = db.prepare_cached(sql!("album/has"))?;
    let sought = named_params! { ":albums": albums, ":item": item };
    Ok(query.query_row(sought, |row| row.get("has"))?)
}

/// Has it decided anew how items are kept that came into `albums`, or left them, since
/// that was decided.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn unseat_turned(db: &Connection, source: SourceId, albums: &[i64]) -> Result<(), Error> {
    let albums = serde_json::json!(albums).to_string();
    let mut query = db.prepare_cached(sql!("album/unseat_turned"))?;
    query.execute(named_params! { ":source": source.as_str(), ":albums": albums })?;
    Ok(())
}

//! Rows of `item`: what the sources have.

mod gone;
mod indices;
mod put;
mod read;
mod seats;

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

pub use self::gone::{
    count_missing, doubt_gone, mark_missing, missing, remove, remove_unseen, set_standing,
};
pub use self::indices::{make_indices, set_indices_aside};
pub use self::put::{add, put};
use self::read::select;
pub use self::seats::{
    drop_form, keep_as, seat, seat_parent, set_form, unseat_all, unseat_below, unseat_children,
    unseat_sharers,
};
use super::{Error, sql};
use crate::model::{Form, Item, ItemKey, RemoteId, Revision, SourceId, Standing};

/// An item as the index knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// Its row.
    pub row: i64,
    /// The item.
    pub item: Item,
    /// The source said that it is not there any more.
    pub gone: bool,
    /// A whole listing did not have it, and the source was not asked for it since.
    pub missing: bool,
    /// The number of the last listing that had it.
    pub seen: i64,
    /// Where it hangs: a folder's row, or an area's number below zero.
    pub folder: Option<i64>,
    /// How it is kept; `None`: not selected.
    pub form: Option<Form>,
    /// The revision that the archive holds.
    pub held: Option<Revision>,
}

impl Known {
    /// How it stands at its source.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        Standing::of([self.gone, self.item.marks.trashed, self.missing])
    }
}

/// What was decided of an item: where it hangs and how it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seated {
    /// A folder's row, or an area's number below zero.
    pub folder: i64,
    /// How it is kept; `None`: not selected.
    pub form: Option<Form>,
    /// Why it is not selected, in one word.
    pub why_not: Option<String>,
    /// Whether its bytes are to be fetched.
    pub due: bool,
}

/// What a folder's children need to know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderFacts {
    /// Its row.
    pub row: i64,
    /// Whether the account owns it.
    pub owned: bool,
}

/// Returns what is known of `key`.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn find(db: &Connection, key: &ItemKey) -> Result<Option<Known>, Error> {
    let key = named_params! { ":source": key.source.as_str(), ":remote_id": key.id.as_str() };
    Ok(select(db, sql!("item/find"), key)?.pop())
}

/// Returns the item in row `row`.
///
/// # Errors
///
/// [`Error::Sqlite`] (also if there is none), [`Error::Unreadable`].
pub fn get(db: &Connection, row: i64) -> Result<Known, Error> {
    try_get(db, row)?.ok_or(Error::Sqlite(rusqlite::Error::QueryReturnedNoRows))
}

/// Returns the item in that row, unless it was forgotten.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn try_get(db: &Connection, row: i64) -> Result<Option<Known>, Error> {
    Ok(select(db, sql!("item/get"), named_params! { ":id": row })?.pop())
}

/// Returns items of `source` of which it is not decided yet where they hang, `most` at
/// the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unseated(db: &Connection, source: SourceId, most: u32) -> Result<Vec<Known>, Error> {
    let wanted = named_params! { ":source": source.as_str(), ":most": most };
    select(db, sql!("item/unseated"), wanted)
}

/// The same, of the items that the archive holds alone.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unseated_held(db: &Connection, source: SourceId, most: u32) -> Result<Vec<Known>, Error> {
    let wanted = named_params! { ":source": source.as_str(), ":most": most };
    select(db, sql!("item/unseated_held"), wanted)
}

/// Returns items of `source` that are to be fetched and of which nothing is held, in the
/// order of their rows, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn due(db: &Connection, source: SourceId, after: i64, most: u32) -> Result<Vec<Known>, Error> {
    let wanted = named_params! { ":source": source.as_str(), ":after": after, ":most": most };
    select(db, sql!("item/due"), wanted)
}

/// Has an item be known at its source by another id. Where it hangs has to be decided anew.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_remote_id(db: &Connection, row: i64, id: &RemoteId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/set_remote_id"))?;
    query.execute(named_params! { ":id": row, ":remote_id": id.as_str() })?;
    Ok(())
}

/// Says whether another item has the name, the time and the folder of the one in row `row`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn has_twin(db: &Connection, row: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("item/has_twin"))?;
    Ok(query.query_row(named_params! { ":id": row }, |row| row.get("has_twin"))?)
}

/// Returns how many items of `source` are to be fetched.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_due(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("item/count_due"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("items"))?)
}

/// Records that listing `number` had the item unchanged.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn see(db: &Connection, row: i64, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/see"))?;
    query.execute(named_params! { ":id": row, ":seen": number })?;
    Ok(())
}

/// Records that there is nothing of an item left to fetch.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn settle(db: &Connection, row: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("item/settle"))?.execute(named_params! { ":id": row })?;
    Ok(())
}

/// Records that there is nothing of the items of `source` left to fetch.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn settle_all(db: &Connection, source: SourceId) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/settle_all"))?;
    query.execute(named_params! { ":source": source.as_str() })?;
    Ok(())
}

/// Returns how many items are to be fetched, of which no attempt has failed so far.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count_pending(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("item/count_pending"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("items"))?)
}

/// Records of the items that are derived from others that listing `number` had them
/// if it had the others.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn see_derived(db: &Connection, source: SourceId, number: i64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("item/see_derived"))?;
    query.execute(named_params! { ":source": source.as_str(), ":number": number })?;
    Ok(())
}

/// Returns what the children of the folder `remote_id` need to know of it, if
/// there is such a folder.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn folder_facts(
    db: &Connection,
    source: SourceId,
    remote_id: &RemoteId,
) -> Result<Option<FolderFacts>, Error> {
    let mut query = db.prepare_cached(sql!("item/folder_facts"))?;
    let key = named_params! { ":source": source.as_str(), ":remote_id": remote_id.as_str() };
    let facts = |row: &Row<'_>| Ok(FolderFacts { row: row.get("id")?, owned: row.get("owned")? });
    Ok(query.query_row(key, facts).optional()?)
}

/// One of the folders that lead to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Its title at the source.
    pub title: String,
    /// The first folder that it is in itself.
    pub parent: Option<RemoteId>,
}

/// Returns the folder `remote_id`, also if it is gone.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn ancestor(
    db: &Connection,
    source: SourceId,
    remote_id: &RemoteId,
) -> Result<Option<Ancestor>, Error> {
    let mut query = db.prepare_cached(sql!("item/ancestor"))?;
    let key = named_params! { ":source": source.as_str(), ":remote_id": remote_id.as_str() };
    let read = |row: &Row<'_>| {
        let parent: Option<String> = row.get("parent")?;
        Ok(Ancestor { title: row.get("title")?, parent: parent.map(RemoteId) })
    };
    Ok(query.query_row(key, read).optional()?)
}

/// Returns the folders in the folder `parent` that are there, with their titles.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn folders_in(
    db: &Connection,
    source: SourceId,
    parent: &RemoteId,
) -> Result<Vec<(RemoteId, String)>, Error> {
    let mut query = db.prepare_cached(sql!("item/folders_in"))?;
    let key = named_params! { ":source": source.as_str(), ":parent": parent.as_str() };
    let folders =
        query.query_map(key, |row| Ok((RemoteId(row.get("remote_id")?), row.get("title")?)))?;
    Ok(folders.collect::<Result<_, _>>()?)
}

/// Returns how many items `source` has.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn count(db: &Connection, source: SourceId) -> Result<u64, Error> {
    let mut query = db.prepare_cached(sql!("item/count"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("items"))?)
}

/// Says whether listing `number` of `source` had anything at all.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any_seen(db: &Connection, source: SourceId, number: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("item/any_seen"))?;
    let listing = named_params! { ":source": source.as_str(), ":number": number };
    Ok(query.query_row(listing, |row| row.get("any_seen"))?)
}

/// Says whether `source` has any item.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any(db: &Connection, source: SourceId) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("item/any"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("any"))?)
}

/// Returns some item of `source` whose bytes are held as they are there, a late one.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn any_held(db: &Connection, source: SourceId) -> Result<Option<i64>, Error> {
    let mut query = db.prepare_cached(sql!("item/any_held"))?;
    let source = named_params! { ":source": source.as_str() };
    Ok(query.query_row(source, |row| row.get("id")).optional()?)
}

/// Returns how many files are neither selected nor held, by the word for why.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn not_selected(db: &Connection, source: SourceId) -> Result<Vec<(String, u64)>, Error> {
    let mut query = db.prepare_cached(sql!("item/not_selected"))?;
    let source = named_params! { ":source": source.as_str() };
    let counts = query.query_map(source, |row| Ok((row.get("why_not")?, row.get("items")?)))?;
    Ok(counts.collect::<Result<_, _>>()?)
}

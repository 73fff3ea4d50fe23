//! The fuzzer's ways (`fuzz/`) to what is read of the Library API's answers. The program
//! uses none.

use chrono::{DateTime, NaiveDate};
use serde::de::DeserializeOwned;

use super::addresses::Address;
use super::pass::Pass;
use super::{Answer, answers, clip_of, processed, wire};
use crate::model::{Album, Cursor, Item};

/// Reads a page of items, and what each would be as a motion photo's clip; `None` where it
/// is none.
#[must_use]
pub fn items(json: &[u8]) -> Option<Vec<Item>> {
    let list: wire::ItemList = read(json)?;
    let items = list.media_items.0.into_iter().map(|item| item.into_item(false));
    Some(items.flat_map(|item| [clip_of(&item), item]).collect())
}

/// Reads the answers to a batch, and says how many have bytes to be fetched; `None` where it
/// is none.
#[must_use]
pub fn batch(json: &[u8]) -> Option<usize> {
    let results = read::<wire::Batch>(json)?.media_item_results.0;
    let id = |result: &wire::BatchResult| result.media_item.as_ref().map(|item| item.id.clone());
    let ids: Vec<_> = results.iter().map(|result| id(result).unwrap_or_default()).collect();
    let answers = answers("https://example.org", &ids, results).ok()?;
    let ready = answers.iter().filter(|answer| match answer {
        Answer::Here(item) => Address::of(item, DateTime::UNIX_EPOCH)
            .is_some_and(|address| processed(&address).is_ok()),
        Answer::Absent | Answer::Refused(_) => false,
    });
    Some(ready.count())
}

/// Reads a page of albums; `None` where it is none.
#[must_use]
pub fn albums(json: &[u8]) -> Option<Vec<Album>> {
    let list: wire::AlbumList = read(json)?;
    Some(list.albums.0.into_iter().map(wire::OneAlbum::into_album).collect())
}

/// Reads a cursor of ours as the index keeps it; returns where it goes on after a page that
/// names `next`.
#[must_use]
pub fn going_on(cursor: &Cursor, today: NaiveDate, next: Option<String>) -> Option<Cursor> {
    let pass = Pass::read(cursor, today).ok()?;
    let _from = pass.from();
    Some(pass.next(next))
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

//! The fuzzer's ways (`fuzz/`) to what is read of Drive's answers. The program uses none.

use serde::de::DeserializeOwned;

use super::{Account, change, wire};
use crate::model::{Change, Item};

/// Reads a page of a listing; `None` where it is none.
#[must_use]
pub fn files(json: &[u8]) -> Option<Vec<Item>> {
    let list: wire::FileList = read(json).filter(wire::FileList::is_answer)?;
    Some(list.into_files().into_iter().map(wire::File::into_item).collect())
}

/// Reads a page of the feed of changes; `None` where it is none.
#[must_use]
pub fn changes(json: &[u8]) -> Option<Vec<Change>> {
    let list: wire::ChangeList = read(json)?;
    Some(list.changes.0.into_iter().filter_map(change).collect())
}

/// Reads whose Drive it is; `None` where it does not say so.
#[must_use]
pub fn account(json: &[u8]) -> Option<Account> {
    let user = read::<wire::About>(json)?.user;
    Some(Account { permission_id: user.permission_id, name: user.email_address })
}

/// Reads all other answers, and says how many of them it could be.
#[must_use]
pub fn others(json: &[u8]) -> usize {
    [
        read::<wire::StartPageToken>(json).is_some(),
        read::<wire::Id>(json).is_some(),
        read::<wire::DriveList>(json).is_some(),
        read::<wire::ExportLinks>(json).is_some(),
    ]
    .into_iter()
    .filter(|could| *could)
    .count()
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    serde_json::from_slice(json).ok()
}

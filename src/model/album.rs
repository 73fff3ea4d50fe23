//! What a source has for albums.

use super::RemoteId;

/// One album as its source last described it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Album {
    /// Its name at the source.
    pub id: RemoteId,
    /// Its title; empty where it has none.
    pub title: String,
    /// How many items are in it, by the source's word: those too that are not shown.
    pub items: Option<u64>,
    /// The item on its cover.
    pub cover: Option<RemoteId>,
}

//! What a source tells in one answer.

use super::{Item, RemoteId};

/// Where a source's listing goes on, in the source's own words. Kept in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cursor {
    /// In the middle of a listing of everything.
    Listing {
        /// The page token; `None` is the first page.
        page: Option<String>,
        /// Where the changes start that may happen while the listing is read.
        changes_from: String,
    },
    /// In the feed of changes.
    Changes {
        /// The page token to ask with.
        token: String,
    },
}

/// One news of one item.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The item is there, and this is what it is like now.
    Present(Box<Item>),
    /// The source says in so many words that the item is no longer there for this account.
    Removed(RemoteId),
}

/// One answer of a source, and where to go on from it. Recorded in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The news, in the source's order.
    pub changes: Vec<Change>,
    /// Where to go on: the next page, or what to ask at the next run.
    pub next: Cursor,
    /// Whether the source had nothing more to tell when it answered.
    pub last: bool,
    /// Whether the source itself says that it did not look everywhere
    /// (Drive: `incompleteSearch`). Nothing may be removed on such an answer's word.
    pub incomplete: bool,
}

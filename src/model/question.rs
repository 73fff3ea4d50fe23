//! What a source is asked for when everything it has is listed, and its answer.

use chrono::{DateTime, Utc};

use super::Item;

/// What one page of a listing is asked for. A page token serves only for the span and the
/// order that it was given out with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Of which items.
    pub span: Span,
    /// In which order.
    pub order: Order,
    /// The page token; `None` is the first page.
    pub page: Option<String>,
}

/// The items that were created in a half-open stretch of time, or all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// Those created then or later; `None`: from the first on.
    pub from: Option<DateTime<Utc>>,
    /// Those created before; `None`: to the last.
    pub until: Option<DateTime<Utc>>,
}

/// The order of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Whatever the source likes best.
    Any,
    /// By the time of creation, the oldest item first.
    OldestFirst,
    /// By the time of creation, the newest item first.
    NewestFirst,
}

/// A page of a listing.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What is on it, in the source's order. Nothing on it does not mean that it is the last.
    pub items: Vec<Item>,
    /// The token of the next one; `None` after the last.
    pub next: Option<String>,
    /// Whether the source itself says that it did not look everywhere
    /// (Drive: `incompleteSearch`). Nothing may be removed on such an answer's word.
    pub incomplete: bool,
}

//! The addresses at which chosen items can be fetched, and the pages that told them.
//!
//! A base URL serves for an hour. There is no asking for one item, so what renews it is
//! listing its page again. No more is kept than one session has. Asks nothing.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::wire::{MediaItem, Progress};
use crate::model::RemoteId;

/// For how long an address is used. Google's serve ten minutes longer:
/// <https://developers.google.com/photos/picker/guides/media-items>.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(50);

/// Where an item's bytes are to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) base_url: String,
    /// Whether it is a film.
    pub(super) film: bool,
    pub(super) processing: Progress,
    asked_at: DateTime<Utc>,
}

/// A page: its session, and its token if it is not the first.
pub(super) type Page = (RemoteId, Option<String>);

/// All addresses that were told.
#[derive(Default)]
pub(super) struct Book {
    pages: Vec<Page>,
    /// By the items' ids, with the place of their page.
    items: BTreeMap<String, (usize, Option<Address>)>,
}

impl Book {
    /// Takes notice of a page that was asked for at `asked_at`.
    pub(super) fn note(
        &mut self,
        (session, token): (&RemoteId, Option<&str>),
        items: &[MediaItem],
        asked_at: DateTime<Utc>,
    ) {
        let is_it = |page: &Page| page.0 == *session && page.1.as_deref() == token;
        let place = self.pages.iter().position(is_it).unwrap_or_else(|| {
            self.pages.push((session.clone(), token.map(str::to_owned)));
            self.pages.len() - 1
        });
        for item in items {
            let address = item.base_url().map(|base_url| Address {
                base_url: base_url.to_owned(),
                film: item.is_film(),
                processing: item.processing(),
                asked_at,
            });
            self.items.insert(item.id.clone(), (place, address));
        }
    }

    /// The address of `id` that is good `now`, and is not the `refused` one.
    pub(super) fn find(
        &self,
        id: &str,
        refused: Option<&Address>,
        now: DateTime<Utc>,
    ) -> Option<&Address> {
        let address = self.items.get(id)?.1.as_ref()?;
        // Before it was asked for: the clock was set back, and nothing is known.
        let is_good = (TimeDelta::zero()..GOOD_FOR).contains(&(now - address.asked_at));
        (is_good && refused != Some(address)).then_some(address)
    }

    /// The page that told of `id`.
    pub(super) fn page_of(&self, id: &str) -> Option<Page> {
        let (place, _) = self.items.get(id)?;
        self.pages.get(*place).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn noted(book: &mut Book, token: Option<&str>, id: &str, minute: i64) {
        let json = format!(
            r#"{{"id":"{id}","mediaFile":{{"baseUrl":"https://lh3.googleusercontent.com/{minute}"}}}}"#
        );
        let item = serde_json::from_str(&json).unwrap();
        book.note((&RemoteId("s".to_owned()), token), &[item], at(minute));
    }

    #[test]
    fn an_address_is_used_for_less_than_the_hour_that_it_serves() {
        let mut book = Book::default();
        noted(&mut book, None, "a", 10);
        for (minute, good) in [(9, false), (10, true), (59, true), (60, false), (100, false)] {
            assert_eq!(book.find("a", None, at(minute)).is_some(), good, "{minute}");
        }
        assert!(book.find("b", None, at(10)).is_none());
    }

    #[test]
    fn a_refused_address_is_not_given_again_and_its_renewal_is() {
        let mut book = Book::default();
        noted(&mut book, None, "a", 10);
        let refused = book.find("a", None, at(11)).unwrap().clone();
        assert_eq!(book.find("a", Some(&refused), at(11)), None);
        noted(&mut book, None, "a", 12);
        let renewed = book.find("a", Some(&refused), at(12)).unwrap();
        assert_eq!(renewed.base_url, "https://lh3.googleusercontent.com/12");
    }

    #[test]
    fn an_item_is_found_on_the_page_that_told_of_it() {
        let mut book = Book::default();
        noted(&mut book, None, "a", 1);
        noted(&mut book, Some("t"), "b", 1);
        noted(&mut book, Some("t"), "b", 2);
        assert_eq!(book.page_of("a"), Some((RemoteId("s".to_owned()), None)));
        assert_eq!(book.page_of("b"), Some((RemoteId("s".to_owned()), Some("t".to_owned()))));
        assert_eq!((book.page_of("c"), book.pages.len()), (None, 2));
    }
}

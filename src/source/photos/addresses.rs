//! The addresses at which pictures can be fetched, while they are good.
//!
//! A base URL serves for an hour, so none is written down anywhere. They are asked for
//! fifty at a time, for what is wanted now and what was said to be wanted soon.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::clip::still_of;
use super::wire::{MediaItem, Progress};
use crate::model::RemoteId;

/// How many ids one request asks for.
pub(super) const BATCH_MAX: usize = 50;

/// For how long an address is used. Google's serve ten minutes longer:
/// <https://developers.google.com/photos/library/guides/access-media-items#base-urls>.
const GOOD_FOR: TimeDelta = TimeDelta::minutes(50);

/// How many addresses, and how many ids that are wanted soon, are kept.
const KEPT_MAX: usize = 512;

/// Where an item's bytes are to be had.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) base_url: String,
    /// Whether it is a film.
    pub(super) film: bool,
    pub(super) processing: Progress,
    asked_at: DateTime<Utc>,
}

/// All addresses that are known, by the items' ids.
#[derive(Default)]
pub(super) struct Book {
    known: BTreeMap<String, Address>,
    /// The ids of `known`, the oldest first.
    order: VecDeque<String>,
}

/// What will be wanted soon, in that order.
#[derive(Default)]
pub(super) struct Soon(Mutex<VecDeque<String>>);

impl Address {
    /// Reads an address out of an answer that came at `asked_at`, if there is one in it.
    pub(super) fn of(item: &MediaItem, asked_at: DateTime<Utc>) -> Option<Self> {
        Some(Self {
            base_url: item.base_url.clone()?,
            film: item.is_film(),
            processing: item.processing(),
            asked_at,
        })
    }

    fn is_good(&self, now: DateTime<Utc>) -> bool {
        // Before it was asked for: the clock was set back, and nothing is known.
        (TimeDelta::zero()..GOOD_FOR).contains(&(now - self.asked_at))
    }
}

impl Book {
    /// The address of `id`, if one is known that is still good.
    pub(super) fn find(&self, id: &str, now: DateTime<Utc>) -> Option<&Address> {
        self.known.get(id).filter(|address| address.is_good(now))
    }

    /// Writes an address down. The oldest is forgotten for it where there are many.
    pub(super) fn note(&mut self, id: &str, address: Address) {
        if self.known.insert(id.to_owned(), address).is_none() {
            self.order.push_back(id.to_owned());
        }
        if self.order.len() > KEPT_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }

    /// Forgets an address that did not serve, and all that are as old or older. Returns
    /// the ids of these.
    pub(super) fn forget(&mut self, refused: &Address) -> Vec<String> {
        let (old, new): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.order).into_iter().partition(|id| {
                self.known.get(id).is_none_or(|address| address.asked_at <= refused.asked_at)
            });
        self.order = new;
        for id in &old {
            self.known.remove(id);
        }
        old.into()
    }
}

impl Soon {
    /// Adds what will be wanted.
    pub(super) fn add<'a>(&self, ids: impl Iterator<Item = &'a RemoteId>) {
        let mut soon = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        soon.extend(ids.map(|id| still_of(id).to_owned()));
        let surplus = soon.len().saturating_sub(KEPT_MAX);
        soon.drain(..surplus);
    }

    /// Puts what is wanted again before all else.
    pub(super) fn put_back(&self, ids: Vec<String>) {
        let mut soon = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.into_iter().rev().for_each(|id| soon.push_front(id));
        soon.truncate(KEPT_MAX);
    }

    /// Takes the ids out that are asked for along with `id`: `id` first, none twice, and
    /// none whose address is known.
    pub(super) fn take_with(&self, id: &str, book: &Book, now: DateTime<Utc>) -> Vec<String> {
        let mut soon = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut batch = vec![id.to_owned()];
        while batch.len() < BATCH_MAX {
            let Some(next) = soon.pop_front() else { break };
            if !batch.contains(&next) && book.find(&next, now).is_none() {
                batch.push(next);
            }
        }
        batch
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(minute: i64) -> Address {
        let asked_at = DateTime::UNIX_EPOCH + TimeDelta::minutes(minute);
        let base_url = format!("https://lh3.googleusercontent.com/{minute}");
        Address { base_url, film: false, processing: Progress::Ready, asked_at }
    }

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    fn ids(count: usize) -> Vec<RemoteId> {
        (0..count).map(|i| RemoteId(format!("p{i}"))).collect()
    }

    #[test]
    fn an_address_is_used_for_less_than_the_hour_that_it_serves() {
        let mut book = Book::default();
        book.note("a", address(10));
        for (minute, good) in [(9, false), (10, true), (59, true), (60, false), (100, false)] {
            assert_eq!(book.find("a", at(minute)).is_some(), good, "minute {minute}");
        }
    }

    #[test]
    fn one_request_serves_what_is_wanted_soon() {
        let (soon, mut book) = (Soon::default(), Book::default());
        soon.add(ids(60).iter());
        book.note("p3", address(0));
        let batch = soon.take_with("p7", &book, at(1));
        assert_eq!((batch.len(), batch[0].as_str(), batch[1].as_str()), (50, "p7", "p0"));
        assert!(!batch.contains(&"p3".to_owned()), "its address is known");
        assert_eq!(soon.take_with("x", &book, at(1)).len(), 1 + 60 - 51);
    }

    #[test]
    fn a_clip_is_asked_for_by_the_id_of_its_still() {
        let soon = Soon::default();
        soon.add([RemoteId("p=dv".to_owned()), RemoteId("p".to_owned())].iter());
        assert_eq!(soon.take_with("q", &Book::default(), at(0)), ["q", "p"]);
    }

    #[test]
    fn neither_addresses_nor_wishes_fill_the_memory() {
        let (soon, mut book) = (Soon::default(), Book::default());
        for i in 0..2 * KEPT_MAX {
            book.note(&format!("p{i}"), address(0));
            soon.add(ids(3).iter());
        }
        assert_eq!((book.known.len(), book.order.len()), (KEPT_MAX, KEPT_MAX));
        assert_eq!(soon.0.lock().unwrap().len(), KEPT_MAX);
        assert!(book.find("p0", at(0)).is_none());
    }

    #[test]
    fn with_an_address_that_does_not_serve_go_those_that_are_as_old() {
        let mut book = Book::default();
        for (id, minute) in [("a", 0), ("b", 1), ("c", 2)] {
            book.note(id, address(minute));
        }
        assert_eq!(book.forget(&address(1)), ["a", "b"]);
        assert!(book.find("b", at(2)).is_none() && book.find("c", at(2)).is_some());
    }
}

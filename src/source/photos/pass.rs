//! Where a reading of Photos stands, and its form in a cursor. Asks nothing.
//!
//! Each pass reads the favourites first, then all items: no item says of itself
//! that it is a favourite, so those that the pass has had before the second part
//! are the ones. A pass is of everything, or of what was taken since some day;
//! that day goes along in the cursor, since a page token serves only for the
//! very filter that it was given out with.

use chrono::{Days, NaiveDate};

use crate::model::Cursor;
use crate::source::Error;

/// So many days before the last pass began a pass looks for items again: a camera's
/// clock or zone may be wrong, and a phone uploads when it is home again. What is older
/// when it is uploaded is found by the next listing of everything.
const OVERLAP: Days = Days::new(7);

/// The two parts of a pass, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// What is a favourite.
    Favourites,
    /// All items, favourites again among them.
    Items,
}

/// A page of a pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) part: Part,
    /// The page token; `None` is the first page of the part.
    pub(super) page: Option<String>,
}

/// A pass, and the page of it that is asked for next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pass {
    /// The day of the earlier pass from which it goes on; `None`: it is of everything.
    pub(super) since: Option<NaiveDate>,
    /// The day on which it began.
    pub(super) began: NaiveDate,
    pub(super) place: Place,
}

impl Place {
    const FIRST: Self = Self { part: Part::Favourites, page: None };

    fn read(text: &str) -> Option<Self> {
        let (word, page) = match text.split_once(' ') {
            Some((word, page)) => (word, Some(page.to_owned())),
            None => (text, None),
        };
        let part = match word {
            "favourites" => Part::Favourites,
            "items" => Part::Items,
            _ => return None,
        };
        Some(Self { part, page })
    }

    fn text(&self) -> String {
        let word = match self.part {
            Part::Favourites => "favourites",
            Part::Items => "items",
        };
        self.page.as_ref().map_or_else(|| word.to_owned(), |page| format!("{word} {page}"))
    }

    /// The page that follows, given the token for it; `None` after the last.
    fn next(&self, token: Option<String>) -> Option<Self> {
        match (token, self.part) {
            (Some(token), part) => Some(Self { part, page: Some(token) }),
            (None, Part::Favourites) => Some(Self { part: Part::Items, page: None }),
            (None, Part::Items) => None,
        }
    }
}

impl Pass {
    /// Reads what `cursor` says. Where an earlier pass has ended, that is the beginning
    /// of the next one, `today`.
    ///
    /// # Errors
    ///
    /// [`Error::CursorRefused`] if it is none of ours.
    pub(super) fn read(cursor: &Cursor, today: NaiveDate) -> Result<Self, Error> {
        match cursor {
            Cursor::Listing { page, changes_from } => {
                let place = page.as_deref().map_or(Some(Place::FIRST), Place::read);
                place.zip(day(changes_from)).map(|(place, began)| Self {
                    since: None,
                    began,
                    place,
                })
            }
            Cursor::Changes { token } => Self::read_changes(token, today),
        }
        .ok_or(Error::CursorRefused)
    }

    fn read_changes(token: &str, today: NaiveDate) -> Option<Self> {
        if let Some(since) = day(token) {
            // A clock that was set back must not make the pass begin in the future.
            let since = Some(since.min(today));
            return Some(Self { since, began: today, place: Place::FIRST });
        }
        let mut parts = token.splitn(3, ' ');
        let (since, began) = (day(parts.next()?)?, day(parts.next()?)?);
        Some(Self { since: Some(since), began, place: Place::read(parts.next()?)? })
    }

    /// The first day of which it is; `None`: all.
    pub(super) fn from(&self) -> Option<NaiveDate> {
        self.since.map(|since| since.checked_sub_days(OVERLAP).unwrap_or(since))
    }

    /// Whether it is in its second part, and of all there is.
    pub(super) const fn is_of_everything(&self) -> bool {
        self.since.is_none() && matches!(self.place.part, Part::Items)
    }

    /// Where it goes on, given the token of the next page if there is one.
    pub(super) fn next(&self, token: Option<String>) -> Cursor {
        match (self.place.next(token), self.since) {
            (Some(place), None) => {
                Cursor::Listing { page: Some(place.text()), changes_from: self.began.to_string() }
            }
            (Some(place), Some(since)) => {
                Cursor::Changes { token: format!("{since} {} {}", self.began, place.text()) }
            }
            (None, _) => Cursor::Changes { token: self.began.to_string() },
        }
    }
}

/// Whether no pass is going on at `cursor`: the next page begins one.
pub(super) fn is_at_rest(cursor: &Cursor) -> bool {
    matches!(cursor, Cursor::Changes { token } if day(token).is_some())
}

/// What is noted at `cursor`, if it is the second part of a pass of everything.
pub(super) fn everything(cursor: &Cursor) -> Option<&str> {
    let Cursor::Listing { page: Some(text), .. } = cursor else { return None };
    let note = text.strip_prefix("items")?;
    if note.is_empty() { Some(note) } else { note.strip_prefix(' ') }
}

/// The same with another `note`; the beginning of the next pass without one.
pub(super) fn with_everything(cursor: &Cursor, note: Option<&str>) -> Cursor {
    match cursor {
        Cursor::Listing { changes_from, .. } => match note {
            Some(note) => {
                let page = Some(format!("items {note}"));
                Cursor::Listing { page, changes_from: changes_from.clone() }
            }
            None => Cursor::Changes { token: changes_from.clone() },
        },
        Cursor::Changes { .. } => cursor.clone(),
    }
}

/// Where the pass that `cursor` is in the middle of began, as far as that is known.
pub(super) fn beginning(cursor: &Cursor) -> Cursor {
    match cursor {
        Cursor::Listing { changes_from, .. } => {
            Cursor::Listing { page: None, changes_from: changes_from.clone() }
        }
        Cursor::Changes { token } => {
            let since = token.split(' ').next().unwrap_or_default();
            Cursor::Changes { token: since.to_owned() }
        }
    }
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();

    fn listing(page: Option<&str>) -> Cursor {
        Cursor::Listing { page: page.map(str::to_owned), changes_from: "2026-11-20".to_owned() }
    }

    fn changes(token: &str) -> Cursor {
        Cursor::Changes { token: token.to_owned() }
    }

    #[test]
    fn a_pass_goes_through_the_favourites_and_then_through_all_items() {
        let went = |cursor: &Cursor, token: Option<&str>| {
            Pass::read(cursor, TODAY).unwrap().next(token.map(str::to_owned))
        };
        for (cursor, token, next) in [
            (listing(None), Some("a b"), listing(Some("favourites a b"))),
            (listing(Some("favourites a b")), None, listing(Some("items"))),
            (listing(Some("items")), Some("c"), listing(Some("items c"))),
            (listing(Some("items c")), None, changes("2026-11-20")),
            (changes("2026-11-20"), Some("a"), changes("2026-11-20 2026-11-21 favourites a")),
            (changes("2026-11-20"), None, changes("2026-11-20 2026-11-21 items")),
            (
                changes("2026-11-01 2026-11-19 items"),
                Some("b c"),
                changes("2026-11-01 2026-11-19 items b c"),
            ),
            (changes("2026-11-01 2026-11-19 items b c"), None, changes("2026-11-19")),
        ] {
            assert_eq!(went(&cursor, token), next, "{cursor:?} {token:?}");
        }
    }

    #[test]
    fn a_pass_of_what_is_new_overlaps_the_one_before() {
        for (token, from) in [
            ("2026-11-20", Some("2026-11-13")),
            ("2030-01-01", Some("2026-11-14")),
            ("2026-11-03 2026-11-20 items x", Some("2026-10-27")),
        ] {
            let pass = Pass::read(&changes(token), TODAY).unwrap();
            assert_eq!(pass.from(), from.map(|text| text.parse().unwrap()), "{token}");
        }
        assert_eq!(Pass::read(&listing(None), TODAY).unwrap().from(), None);
    }

    #[test]
    fn a_cursor_of_another_making_is_refused() {
        for cursor in [changes("12345"), changes("2026-11-20 x items"), listing(Some("x y"))] {
            assert!(matches!(Pass::read(&cursor, TODAY), Err(Error::CursorRefused)), "{cursor:?}");
        }
    }

    #[test]
    fn the_second_part_of_a_pass_of_everything_has_a_note_of_its_own() {
        for (cursor, note) in [
            (listing(Some("items")), Some("")),
            (listing(Some("items {\"a\": 1}")), Some("{\"a\": 1}")),
            (listing(Some("itemsx")), None),
            (listing(Some("favourites a")), None),
            (listing(None), None),
            (changes("2026-11-01 2026-11-19 items b"), None),
        ] {
            assert_eq!(everything(&cursor), note, "{cursor:?}");
        }
        let begun = with_everything(&listing(Some("items")), Some("x y"));
        assert_eq!(begun, listing(Some("items x y")));
        assert_eq!(with_everything(&begun, None), changes("2026-11-20"));
    }

    #[test]
    fn a_pass_begins_anew_where_it_began() {
        assert_eq!(beginning(&changes("2026-11-01 2026-11-19 items b")), changes("2026-11-01"));
        assert_eq!(beginning(&changes("2026-11-01")), changes("2026-11-01"));
        assert_eq!(beginning(&listing(Some("items c"))), listing(None));
        assert!(is_at_rest(&changes("2026-11-01")) && !is_at_rest(&listing(None)));
        assert!(!is_at_rest(&changes("2026-11-01 2026-11-19 items b")));
    }
}

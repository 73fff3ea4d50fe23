//! What counts as evidence that an item is gone, and whether its file may leave the trees.
//!
//! Two small state machines. One is of a single item's [`Standing`] at its source, the
//! other of that source's [`Listing`]; both go on with each answer as it comes. A file may
//! go only if the source has said of its very item that it is gone, nothing that came
//! later speaks against that, and the source's listing is beyond doubt.
//!
//! Nothing is asked or removed here, and how many may go at once is for the guard.

use crate::model::{Listing, Standing};

/// Something that was said, or not said, of one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was described: on a page, in the feed of changes, or when it was asked for.
    Here {
        /// As lying in the source's own trash, by itself or with its folder.
        trashed: bool,
    },
    /// The feed of changes says that it was removed.
    Removed,
    /// A listing that told everything came to its end without it.
    Unlisted,
    /// A listing that did not tell everything came to its end without it, or was cut short.
    Unheard,
    /// It was asked for by its id, and the source knows of none.
    Absent,
    /// It was asked for by its id, and the answer was an error.
    Refused,
}

/// Something that was said, or found out, of a source's listing of everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It begins, or begins anew.
    Begins,
    /// A page came.
    Page {
        /// The source said that it did not look everywhere.
        incomplete: bool,
    },
    /// It came to its end.
    Ends {
        /// It had nothing, though there was something before.
        empty: bool,
    },
    /// What it left out is there, or may be: an item answered by itself, or a folder came
    /// back of whose content the feed says nothing.
    Contradicted,
}

/// Why nothing of a source is removed in a run, whatever is known of its items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The run was told to leave it alone.
    LeftOut,
    /// It is not certain that it was the archive's own account that answered.
    Stranger,
    /// It failed in some part of what is read of it.
    Failed,
    /// Something that it said in this run is contradicted.
    Contradicted,
    /// The disk is not as it was recorded.
    Disk,
    /// No listing of everything has come to its end, or the last was not whole.
    Listing(Listing),
}

/// Whose an item is, and who holds on to its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// The account owns the item.
    pub owned: bool,
    /// A person put the file back.
    pub kept: bool,
}

/// Whether an item's file may leave the trees, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It may: the source has said that the item is gone, or lies in its trash.
    Goes,
    /// It stays: the item is there.
    IsThere,
    /// It stays: the source was not asked for the item.
    Unasked,
    /// It stays: somebody else's item that is gone is lost access.
    LostAccess,
    /// It stays: a person put it back.
    PutBack,
}

/// How an item stands after one more answer.
#[must_use]
pub const fn after(standing: Standing, answer: Answer) -> Standing {
    match (standing, answer) {
        (_, Answer::Here { trashed: false }) => Standing::Listed,
        (_, Answer::Here { trashed: true }) => Standing::Trashed,
        (_, Answer::Removed)
        | (Standing::Missing | Standing::Gone | Standing::Doubted, Answer::Absent) => {
            Standing::Gone
        }
        (Standing::Listed | Standing::Missing, Answer::Unlisted) => Standing::Missing,
        (_, Answer::Unlisted) => Standing::Doubted,
        // That an id is not known says nothing by itself: to another account, or to one
        // that lacks a permission, Google says the same.
        (Standing::Listed | Standing::Trashed, Answer::Absent)
        | (_, Answer::Unheard | Answer::Refused) => standing,
    }
}

/// How far a listing can be relied on after one more piece of news.
#[must_use]
pub const fn listing_after(listing: Listing, news: News) -> Listing {
    match (listing, news) {
        (_, News::Begins) => Listing::GoingOn { doubtful: false },
        (Listing::GoingOn { doubtful }, News::Page { incomplete }) => {
            Listing::GoingOn { doubtful: doubtful || incomplete }
        }
        (Listing::GoingOn { doubtful: false }, News::Ends { empty: false }) => Listing::Whole,
        (Listing::GoingOn { .. }, News::Ends { .. }) | (Listing::Whole, News::Contradicted) => {
            Listing::Incomplete
        }
        // One that goes on will have seen everything; and the feed has pages, too.
        (_, News::Page { .. } | News::Ends { .. } | News::Contradicted) => listing,
    }
}

/// Why nothing of a source may be removed, if so: because of its listing, or because of
/// what came up in this run.
#[must_use]
pub fn doubt(listing: Listing, in_run: Option<Doubt>) -> Option<Doubt> {
    in_run.or((listing != Listing::Whole).then_some(Doubt::Listing(listing)))
}

/// Says what may become of the file of an item, if its source is beyond doubt.
#[must_use]
pub const fn fate(standing: Standing, hold: Hold) -> Fate {
    match standing {
        Standing::Listed => Fate::IsThere,
        Standing::Missing | Standing::Doubted => Fate::Unasked,
        Standing::Gone | Standing::Trashed if !hold.owned => Fate::LostAccess,
        Standing::Gone | Standing::Trashed if hold.kept => Fate::PutBack,
        Standing::Gone | Standing::Trashed => Fate::Goes,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LISTED: Answer = Answer::Here { trashed: false };
    const IN_TRASH: Answer = Answer::Here { trashed: true };

    /// The table of `docs/architecture.rst`, row by row.
    #[test]
    fn every_answer_in_every_standing() {
        let columns =
            [LISTED, IN_TRASH, Answer::Removed, Answer::Unlisted, Answer::Absent, Answer::Refused];
        let text = include_str!("../../docs/architecture.rst");
        let mut rows = 0;
        for standing in ALL {
            let start = format!("{standing:?} ");
            let row = text.lines().find(|line| line.starts_with(&start)).unwrap();
            let cells: Vec<_> = row.split_whitespace().skip(1).collect();
            let expected: Vec<_> =
                columns.iter().map(|it| format!("{:?}", after(standing, *it))).collect();
            assert_eq!(cells, expected, "{standing:?}");
            assert_eq!(after(standing, Answer::Unheard), standing);
            rows += 1;
        }
        assert_eq!(rows, 5);
    }

    #[test]
    fn whose_file_may_go() {
        use Fate::{Goes, IsThere, LostAccess, PutBack, Unasked};
        for (standing, owned, others, kept) in [
            (Standing::Listed, IsThere, IsThere, IsThere),
            (Standing::Trashed, Goes, LostAccess, PutBack),
            (Standing::Missing, Unasked, Unasked, Unasked),
            (Standing::Gone, Goes, LostAccess, PutBack),
            (Standing::Doubted, Unasked, Unasked, Unasked),
        ] {
            let fates = [(true, false), (false, false), (true, true)];
            let fates = fates.map(|(owned, kept)| fate(standing, Hold { owned, kept }));
            assert_eq!(fates, [owned, others, kept], "{standing:?}");
            let of_others = Hold { owned: false, kept: true };
            assert_ne!(fate(standing, of_others), Goes, "{standing:?}");
        }
    }

    #[test]
    fn a_listing_from_its_beginning_to_its_end() {
        let going_on = |doubtful| Listing::GoingOn { doubtful };
        let page = |incomplete| News::Page { incomplete };
        let ends = |empty| News::Ends { empty };
        for (listing, news, then) in [
            (Listing::NotBegun, News::Begins, going_on(false)),
            (Listing::Whole, News::Begins, going_on(false)),
            (going_on(true), News::Begins, going_on(false)),
            (going_on(false), page(false), going_on(false)),
            (going_on(false), page(true), going_on(true)),
            (going_on(true), page(false), going_on(true)),
            (going_on(false), ends(false), Listing::Whole),
            (going_on(false), ends(true), Listing::Incomplete),
            (going_on(true), ends(false), Listing::Incomplete),
            (going_on(false), News::Contradicted, going_on(false)),
            (Listing::Whole, News::Contradicted, Listing::Incomplete),
            (Listing::Whole, page(false), Listing::Whole),
            (Listing::Incomplete, page(false), Listing::Incomplete),
            (Listing::Incomplete, ends(false), Listing::Incomplete),
        ] {
            assert_eq!(listing_after(listing, news), then, "{listing:?} {news:?}");
        }
    }

    #[test]
    fn only_of_a_source_beyond_doubt_is_anything_removed() {
        assert_eq!(doubt(Listing::Whole, None), None);
        for listing in
            [Listing::NotBegun, Listing::GoingOn { doubtful: false }, Listing::Incomplete]
        {
            assert_eq!(doubt(listing, None), Some(Doubt::Listing(listing)));
        }
        for in_run in [Doubt::LeftOut, Doubt::Stranger, Doubt::Failed, Doubt::Disk] {
            assert_eq!(doubt(Listing::Whole, Some(in_run)), Some(in_run));
        }
    }

    const ALL: [Standing; 5] =
        [Standing::Listed, Standing::Trashed, Standing::Missing, Standing::Gone, Standing::Doubted];

    /// What may come of one item and its source, in any order.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    enum Event {
        /// A listing of everything begins.
        Begins,
        /// One of its pages, with the item on it (and in the trash?) or without it.
        Page { item: Option<bool>, incomplete: bool },
        /// It comes to its end.
        Ends { empty: bool },
        /// The feed tells of the item: described, or removed.
        Feed { item: Option<bool> },
        /// It is asked for by its id, and described, or unknown.
        Asked { item: Option<bool> },
        /// The same, and the answer is an error.
        AskFails,
        /// A folder came back of whose content nothing is said.
        FolderBack,
        /// A request for a page failed: the run goes on without.
        Fails,
    }

    fn event() -> impl Strategy<Value = Event> {
        let item = || prop::option::of(any::<bool>());
        prop_oneof![
            2 => Just(Event::Begins),
            3 => (item(), prop::bool::weighted(0.2))
                .prop_map(|(item, incomplete)| Event::Page { item, incomplete }),
            4 => prop::bool::weighted(0.2).prop_map(|empty| Event::Ends { empty }),
            2 => item().prop_map(|item| Event::Feed { item }),
            3 => item().prop_map(|item| Event::Asked { item }),
            1 => Just(Event::AskFails),
            1 => Just(Event::FolderBack),
            1 => Just(Event::Fails),
        ]
    }

    /// What the machines make of a history.
    fn told(history: &[Event]) -> (Standing, Listing) {
        let (mut standing, mut listing, mut seen) = (Standing::Listed, Listing::NotBegun, false);
        for event in history {
            let news = match *event {
                Event::Begins => Some(News::Begins),
                Event::Page { incomplete, .. } => Some(News::Page { incomplete }),
                Event::Ends { empty } => Some(News::Ends { empty }),
                Event::FolderBack => Some(News::Contradicted),
                Event::Asked { item: Some(_) } if standing == Standing::Missing => {
                    Some(News::Contradicted)
                }
                Event::Feed { .. } | Event::Asked { .. } | Event::AskFails | Event::Fails => None,
            };
            let ends = matches!((listing, event), (Listing::GoingOn { .. }, Event::Ends { .. }));
            listing = news.map_or(listing, |news| listing_after(listing, news));
            let answer = match *event {
                Event::Page { item: Some(trashed), .. }
                | Event::Feed { item: Some(trashed) }
                | Event::Asked { item: Some(trashed) } => Answer::Here { trashed },
                Event::Feed { item: None } => Answer::Removed,
                Event::Asked { item: None } => Answer::Absent,
                Event::AskFails => Answer::Refused,
                Event::Ends { .. } if ends && !seen && listing == Listing::Whole => {
                    Answer::Unlisted
                }
                _ => Answer::Unheard,
            };
            seen = match event {
                Event::Begins => false,
                _ => seen || matches!(answer, Answer::Here { .. }),
            };
            standing = after(standing, answer);
        }
        (standing, listing)
    }

    /// The contract, said of the history as a whole: the last description of the item was
    /// in the trash, or after it the source said that it is gone (in the feed; or by the
    /// id, after a whole listing did not have it), and no whole listing without it has
    /// come after that.
    fn has_evidence(history: &[Event]) -> bool {
        let described = |event: &Event| match *event {
            Event::Page { item, .. } | Event::Feed { item } | Event::Asked { item } => item,
            _ => None,
        };
        let last = history.iter().rposition(|event| described(event).is_some());
        let from = last.map_or(0, |at| at + 1);
        let removed = |range: &[Event]| range.contains(&Event::Feed { item: None });
        let absent = |range: &[Event]| range.contains(&Event::Asked { item: None });
        let unlisted: Vec<_> =
            (from..history.len()).filter(|at| is_whole_without(history, *at, last)).collect();
        match unlisted.last() {
            Some(at) => removed(&history[*at..]) || absent(&history[*at..]),
            None => {
                last.is_some_and(|at| described(&history[at]) == Some(true))
                    || removed(&history[from..])
            }
        }
    }

    /// Whether at `at` a listing ends that told everything, and described the item nowhere.
    fn is_whole_without(history: &[Event], at: usize, described: Option<usize>) -> bool {
        let begin = history[..at].iter().rposition(|event| *event == Event::Begins);
        let Some(begin) = begin.filter(|begin| described.is_none_or(|last| last < *begin)) else {
            return false;
        };
        let doubtful = |event: &Event| {
            matches!(event, Event::Page { incomplete: true, .. } | Event::Ends { .. })
        };
        history[at] == Event::Ends { empty: false } && !history[begin..at].iter().any(doubtful)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

        #[test]
        fn without_evidence_no_history_lets_a_file_go_and_with_it_none_keeps_it(
            history in prop::collection::vec(event(), 0..24),
        ) {
            let (standing, listing) = told(&history);
            let fate = |owned, kept| fate(standing, Hold { owned, kept });
            let goes = fate(true, false) == Fate::Goes;
            prop_assert_eq!(goes, has_evidence(&history), "{:?} {:?}", standing, listing);
            prop_assert_ne!(fate(false, false), Fate::Goes);
            prop_assert_ne!(fate(true, true), Fate::Goes);
        }

        #[test]
        fn a_source_is_trusted_after_a_listing_that_told_everything_and_not_before(
            history in prop::collection::vec(event(), 0..24),
        ) {
            let (_, listing) = told(&history);
            let begin = history.iter().rposition(|event| *event == Event::Begins);
            let ends = |at: usize| at + history[at..]
                .iter()
                .position(|event| matches!(event, Event::Ends { .. }))
                .unwrap_or(history.len());
            let end = begin.map(ends).filter(|end| *end < history.len());
            let is_whole = end.is_some_and(|end| is_whole_without(&history, end, None));
            if !is_whole {
                prop_assert_ne!(listing, Listing::Whole);
            } else if !history[end.unwrap()..].iter().any(|event| {
                matches!(event, Event::FolderBack | Event::Asked { item: Some(_) })
            }) {
                prop_assert_eq!(listing, Listing::Whole);
            }
        }
    }
}

//! How a listing of everything is read at several places at once: which page to ask for
//! next, and when all is read.
//!
//! A page token leads from page to page only, so a listing that is read by its tokens
//! waits for one answer after the other. Here it is asked for by ranges of the time of
//! creation instead, which never changes, and in that order, so that each page tells how
//! far the reading has come. What is not read yet is a row of disjoint gaps (`gap`), each
//! of which is eaten from its ends. A gap that has much left is split in its middle.
//!
//! No page is fetched to find out where to split, and none is thrown away: each pager
//! wastes at the most its last page. With [`PAGERS_MAX`] of them that is the whole price.
//!
//! Where the order turns out not to be kept, nothing that was concluded from it counts:
//! ranges without an order are read then, each to its end. Nothing here asks, or knows
//! what is on a page beside times.

mod gap;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use self::gap::{Gap, Pager, Side};
use crate::model::{Order, Question, Span};

/// So many pages are asked for at once.
const AT_ONCE: usize = 16;

/// So many pagers are ever made, unless the order is not kept.
const PAGERS_MAX: u32 = 24;

/// Into so many ranges a listing is cut that has no order.
const RANGES_MAX: usize = 16;

/// A gap with fewer pages than this left, in thousandths, is not worth another pager.
const WORTH_SPLITTING: i64 = 2_000;

/// One page, in thousandths: its pagers are not asked for it both at once.
const ONE_PAGE: i64 = 1_000;

/// Which questions a source takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grain {
    /// Ranges begin and end at multiples of this, in milliseconds since 1970.
    pub unit_ms: i64,
    /// By so much may the source's reading of a range differ from an item's own time.
    pub slack_ms: i64,
    /// Whether the very first page has the newest items, rather than the oldest.
    pub newest_first: bool,
    /// Ranges have only what was created before this, and whatever is newer comes where
    /// everything is asked for; `None`: they have all. In milliseconds since 1970.
    pub horizon_ms: Option<i64>,
}

/// How far a listing of everything has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shards {
    grain: Grain,
    /// Whether pages come in the order of their times, as far as is known.
    ordered: bool,
    /// What is not read yet, the oldest first.
    gaps: Vec<Gap>,
    /// How many pagers were made: the number of the next one.
    made: u32,
}

/// What follows where a page token was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its pager begins anew from where it had come to: there is more to ask.
    GoesOn,
    /// It had begun anew before: only another listing of everything helps.
    GivenUp,
}

impl Shards {
    /// The beginning of a listing: nothing is read, and one page is to be asked for.
    #[must_use]
    pub fn new(grain: Grain) -> Self {
        let first = Some(Pager::new(1, None, None));
        let gap = if grain.newest_first {
            Gap { back: first, ..Gap::default() }
        } else {
            Gap { front: first, ..Gap::default() }
        };
        Self { grain, ordered: true, gaps: vec![gap], made: 1 }
    }

    /// Reads what [`Self::text`] wrote; `None` where it is something else.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// All of it as text. What is on its way counts as not asked for.
    #[must_use]
    pub fn text(&self) -> String {
        // It has no maps and no foreign types, so that writing it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Whether everything is read.
    #[must_use]
    pub const fn is_read(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Whether no page has ever come in an order that was asked for.
    #[must_use]
    pub fn is_untried(&self) -> bool {
        self.ordered && self.made == 1 && self.gaps.iter().all(Gap::is_untouched)
    }

    /// What to ask next, with the number under which the answer is to be told; `None`
    /// where answers have to come first.
    pub fn ask(&mut self) -> Option<(u32, Question)> {
        if self.pagers().filter(|pager| pager.asked).count() >= AT_ONCE {
            return None;
        }
        let (at, side) = self.idle().or_else(|| self.split())?;
        let order = match (self.ordered, side) {
            (false, _) => Order::Any,
            (true, Side::Front) => Order::OldestFirst,
            (true, Side::Back) => Order::NewestFirst,
        };
        let pager = self.gaps[at].side(side).as_mut()?;
        pager.asked = true;
        let span = Span { from: pager.from.and_then(time), until: pager.until.and_then(time) };
        Some((pager.number, Question { span, order, page: pager.token.clone() }))
    }

    /// Takes notice of the page that pager `number` asked for: when its items were
    /// created, in their order, and the token of the next page.
    pub fn told(&mut self, number: u32, times: &[Option<DateTime<Utc>>], next: Option<String>) {
        // Others may have come to the end of its gap meanwhile.
        let Some((at, side)) = self.find(number) else { return };
        if !self.ordered {
            match (next, self.gaps[at].side(side)) {
                (Some(token), Some(pager)) => pager.go_on(token),
                _ => drop(self.gaps.remove(at)),
            }
            return;
        }
        let known: Option<Vec<_>> =
            times.iter().map(|time| time.map(|time| time.timestamp_millis())).collect();
        match known {
            // No range would ever have such an item.
            None => self.give_up_order(),
            Some(times) if !self.gaps[at].is_in_order(side, &times) => self.cut(times),
            Some(times) => self.advance(at, side, (&times, next)),
        }
    }

    /// Takes notice that the page token which pager `number` asked with was refused.
    pub fn refused(&mut self, number: u32) -> Refused {
        let Some((at, side)) = self.find(number) else { return Refused::GoesOn };
        let (ordered, grain) = (self.ordered, self.grain);
        // What is beyond the horizon no range has.
        if ordered && !self.is_within_horizon() {
            return Refused::GivenUp;
        }
        if self.gaps[at].begin_anew(side, ordered.then_some(grain)) {
            Refused::GoesOn
        } else {
            Refused::GivenUp
        }
    }

    /// Begins once more, and asks for everything page by page without any order.
    pub fn give_up_order(&mut self) {
        self.cut(Vec::new());
    }

    fn advance(&mut self, at: usize, side: Side, page: (&[i64], Option<String>)) {
        let goes_on = page.1.is_some();
        self.gaps[at].advance(side, page);
        if !goes_on || self.gaps[at].is_read(self.grain) {
            self.gaps.remove(at);
        } else if self.made == 1 && self.is_within_horizon() {
            // How far it goes is best told from its other end.
            let other = self.pager(None, None);
            *self.gaps[at].side(side.other()) = Some(other);
        }
    }

    /// Whether all that ranges do not have is read.
    fn is_within_horizon(&self) -> bool {
        let Some(horizon) = self.grain.horizon_ms else { return true };
        self.gaps.iter().all(|gap| gap.above.is_some_and(|above| above < horizon))
    }

    /// Cuts everything into ranges, none of which relies on an order, by the times that
    /// were seen. Where ranges do not have all there is, one page leads to the next.
    fn cut(&mut self, mut seen: Vec<i64>) {
        if self.grain.horizon_ms.is_some() {
            seen.clear();
        } else if !seen.is_empty() {
            seen.extend(self.gaps.iter().flat_map(|gap| [gap.below, gap.above]).flatten());
        }
        let mut cuts: Vec<_> = seen.into_iter().map(|time| self.grain.floor(time)).collect();
        cuts.sort_unstable();
        cuts.dedup();
        let (count, ranges) = (cuts.len(), RANGES_MAX.min(cuts.len().max(1)));
        let cuts = (1..ranges).map(|number| Some(cuts[number * count / ranges]));
        let ends: Vec<_> = [None].into_iter().chain(cuts).chain([None]).collect();
        self.ordered = false;
        self.gaps.clear();
        for range in ends.windows(2) {
            let front = Some(self.pager(range[0], range[1]));
            self.gaps.push(Gap { front, ..Gap::default() });
        }
    }

    /// The pager to ask next: of the gap that has most left.
    fn idle(&self) -> Option<(usize, Side)> {
        let waits_for_other = |gap: &Gap, side: Side| {
            let is_first = self.made == 2 && (gap.below.is_none() || gap.above.is_none());
            gap.is_asked(side.other()) && (is_first || gap.rest() <= ONE_PAGE)
        };
        let places = self.gaps.iter().enumerate().flat_map(|(at, gap)| {
            let sides = [Side::Front, Side::Back].into_iter();
            let idle = sides.filter(move |side| gap.is_idle(*side) && !waits_for_other(gap, *side));
            idle.map(move |side| (gap.is_begun(side), -gap.rest(), at, side))
        });
        // One that is new has most to tell.
        places.min().map(|(.., at, side)| (at, side))
    }

    /// Splits the gap that has most left, if one is worth it.
    fn split(&mut self) -> Option<(usize, Side)> {
        if !self.ordered || self.made + 2 > PAGERS_MAX {
            return None;
        }
        let worth = |(at, gap): (usize, &Gap)| {
            let middle = gap.middle(self.grain)?;
            (gap.rest() > WORTH_SPLITTING).then(|| (gap.rest(), at, middle))
        };
        let (_, at, middle) = self.gaps.iter().enumerate().filter_map(worth).max()?;
        let (below, above) = (self.gaps[at].below, self.gaps[at].above);
        let (from, until) = (self.gaps[at].lowest(self.grain), self.gaps[at].highest(self.grain));
        let back = self.pager(from, Some(middle));
        let front = self.pager(Some(middle), until);
        let old = std::mem::take(&mut self.gaps[at]);
        let (middle, front, back) = (Some(middle), Some(front), Some(back));
        let right = Gap { lo: middle, hi: old.hi, below: None, above, front, back: old.back };
        self.gaps[at] = Gap { lo: old.lo, hi: middle, below, above: None, front: old.front, back };
        self.gaps.insert(at + 1, right);
        Some((at, Side::Back))
    }

    fn pager(&mut self, from: Option<i64>, until: Option<i64>) -> Pager {
        self.made += 1;
        Pager::new(self.made, from, until)
    }

    fn pagers(&self) -> impl Iterator<Item = &Pager> {
        self.gaps.iter().flat_map(|gap| gap.front.iter().chain(&gap.back))
    }

    fn find(&self, number: u32) -> Option<(usize, Side)> {
        self.gaps.iter().enumerate().find_map(|(at, gap)| Some((at, gap.side_of(number)?)))
    }
}

impl Grain {
    /// The last multiple of the unit that is not after `time`.
    const fn floor(self, time: i64) -> i64 {
        time - time.rem_euclid(self.unit_ms)
    }
}

fn time(ms: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(ms)
}

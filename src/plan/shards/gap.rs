//! A gap: a stretch of time of which not all is read, and the pagers that eat it up.
//!
//! It knows nothing of other gaps, or of when a page is asked for.

use serde::{Deserialize, Serialize};

use super::Grain;

/// One of the two ends of a gap, and the pager that comes from there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// From the oldest item on.
    Front,
    /// From the newest item back.
    Back,
}

/// A stretch of time of which not all is read. Times are milliseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Gap {
    /// Where it begins; `None`: at the first item.
    pub(super) lo: Option<i64>,
    /// Before what it ends; `None`: after the last item.
    pub(super) hi: Option<i64>,
    /// Of all items that were created before this, none is left to read here.
    pub(super) below: Option<i64>,
    /// Of all items that were created after this, none is left to read here.
    pub(super) above: Option<i64>,
    /// Reads from the oldest on.
    pub(super) front: Option<Pager>,
    /// Reads from the newest back.
    pub(super) back: Option<Pager>,
}

/// A question that is followed from page to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pager {
    pub(super) number: u32,
    /// Of items that were created then or later.
    pub(super) from: Option<i64>,
    /// Of items that were created before.
    pub(super) until: Option<i64>,
    /// Leads to the page to ask for; `None`: the first.
    pub(super) token: Option<String>,
    /// The time of the last item that this question has had.
    last: Option<i64>,
    /// How many of its items bear that very time.
    at_last: usize,
    /// How much time its last page with items went over, in milliseconds, at least 1.
    pace: Option<i64>,
    /// A token of it was refused before.
    was_refused: bool,
    /// A page of it is on its way.
    #[serde(skip)]
    pub(super) asked: bool,
}

impl Side {
    pub(super) const fn other(self) -> Self {
        match self {
            Self::Front => Self::Back,
            Self::Back => Self::Front,
        }
    }

    /// Times as they grow in the order of this side.
    const fn forward(self, time: i64) -> i64 {
        match self {
            Self::Front => time,
            Self::Back => -time,
        }
    }
}

impl Pager {
    pub(super) const fn new(number: u32, from: Option<i64>, until: Option<i64>) -> Self {
        Self {
            number,
            from,
            until,
            token: None,
            last: None,
            at_last: 0,
            pace: None,
            was_refused: false,
            asked: false,
        }
    }

    pub(super) fn go_on(&mut self, token: String) {
        self.token = Some(token);
        self.asked = false;
    }
}

impl Gap {
    pub(super) const fn side(&mut self, side: Side) -> &mut Option<Pager> {
        match side {
            Side::Front => &mut self.front,
            Side::Back => &mut self.back,
        }
    }

    const fn look(&self, side: Side) -> Option<&Pager> {
        match side {
            Side::Front => self.front.as_ref(),
            Side::Back => self.back.as_ref(),
        }
    }

    pub(super) fn side_of(&self, number: u32) -> Option<Side> {
        let is = |side: &Side| self.look(*side).is_some_and(|pager| pager.number == number);
        [Side::Front, Side::Back].into_iter().find(is)
    }

    pub(super) fn is_idle(&self, side: Side) -> bool {
        self.look(side).is_some_and(|pager| !pager.asked)
    }

    pub(super) fn is_asked(&self, side: Side) -> bool {
        self.look(side).is_some_and(|pager| pager.asked)
    }

    /// Whether the pager has had a page.
    pub(super) fn is_begun(&self, side: Side) -> bool {
        self.look(side).is_some_and(|pager| pager.token.is_some())
    }

    pub(super) fn is_untouched(&self) -> bool {
        !self.is_begun(Side::Front) && !self.is_begun(Side::Back)
    }

    /// Whether a page of these times goes on where the one before has ended.
    pub(super) fn is_in_order(&self, side: Side, times: &[i64]) -> bool {
        let last = self.look(side).and_then(|pager| pager.last);
        last.iter().chain(times).map(|time| side.forward(*time)).is_sorted()
    }

    /// Takes notice of a page: its times, in order, and the token of the next one.
    pub(super) fn advance(&mut self, side: Side, (times, next): (&[i64], Option<String>)) {
        let Some(pager) = self.side(side) else { return };
        pager.asked = false;
        pager.token = next;
        let (Some(first), Some(last)) = (times.first(), times.last()) else { return };
        let here = times.iter().filter(|time| *time == last).count();
        pager.at_last = if pager.last == Some(*last) { pager.at_last + here } else { here };
        pager.last = Some(*last);
        pager.pace = Some((last - first).abs().max(1));
        let come = match side {
            Side::Front => &mut self.below,
            Side::Back => &mut self.above,
        };
        // One that has begun anew comes through what it has been through before.
        let further = come.is_none_or(|come| side.forward(*last) > side.forward(come));
        *come = if further { Some(*last) } else { *come };
        self.let_go();
    }

    /// Where both ends have come to one instant, neither can tell what of it the other has
    /// had: the pager that has had less of it lets go.
    fn let_go(&mut self) {
        let (Some(front), Some(back)) = (&self.front, &self.back) else { return };
        if self.below.is_none() || self.below != self.above {
            return;
        }
        if front.at_last < back.at_last { self.front = None } else { self.back = None }
    }

    /// Whether nothing is left between its ends.
    pub(super) fn is_read(&self, grain: Grain) -> bool {
        let met = self.below.zip(self.above).is_some_and(|(below, above)| below > above);
        let past = |hi: i64| self.below.is_some_and(|below| below >= hi + grain.slack_ms);
        let before = |lo: i64| self.above.is_some_and(|above| above < lo - grain.slack_ms);
        met || self.hi.is_some_and(past) || self.lo.is_some_and(before)
    }

    /// About how many pages are left, in thousandths.
    pub(super) fn rest(&self) -> i64 {
        let (Some(from), Some(until)) = (self.below.or(self.lo), self.above.or(self.hi)) else {
            return i64::MAX;
        };
        let paces = [Side::Front, Side::Back].map(|side| self.look(side)?.pace);
        let span = (until - from).max(0);
        let rests: Vec<_> =
            paces.iter().flatten().map(|pace| span.saturating_mul(1_000) / pace).collect();
        let sum = rests.iter().fold(0_i64, |sum, rest| sum.saturating_add(*rest));
        i64::try_from(rests.len()).ok().and_then(|count| sum.checked_div(count)).unwrap_or(i64::MAX)
    }

    /// Where it may be split, if both its pagers have told how far they are and there is
    /// room between them.
    pub(super) fn middle(&self, grain: Grain) -> Option<i64> {
        let (below, above) = (self.below?, self.above?);
        if self.front.is_none() || self.back.is_none() {
            return None;
        }
        let middle = grain.floor(below + (above - below) / 2);
        let middle = if middle > below { middle } else { middle + grain.unit_ms };
        (middle > below && middle <= above).then_some(middle)
    }

    /// From where on a question has all that is left here.
    pub(super) fn lowest(&self, grain: Grain) -> Option<i64> {
        let below = self.below.map(|below| grain.floor(below) - grain.slack_ms);
        below.max(self.lo)
    }

    /// Until where a question has all that is left here.
    pub(super) fn highest(&self, grain: Grain) -> Option<i64> {
        let above = self.above.map(|above| grain.floor(above) + grain.unit_ms + grain.slack_ms);
        match (above, self.hi) {
            (Some(above), Some(hi)) => Some(above.min(hi)),
            (above, hi) => above.or(hi),
        }
    }

    /// Has a pager ask anew for what it has not had: from where it had come to, if `grain`
    /// says where that may be. Returns whether that makes sense.
    pub(super) fn begin_anew(&mut self, side: Side, grain: Option<Grain>) -> bool {
        let lowest = grain.and_then(|grain| self.lowest(grain));
        let highest = grain.and_then(|grain| self.highest(grain));
        let Some(pager) = self.side(side) else { return true };
        if pager.was_refused || pager.token.is_none() {
            return false;
        }
        match side {
            Side::Front => pager.from = lowest.max(pager.from),
            Side::Back => pager.until = highest.or(pager.until),
        }
        *pager = Pager { was_refused: true, ..Pager::new(pager.number, pager.from, pager.until) };
        true
    }
}

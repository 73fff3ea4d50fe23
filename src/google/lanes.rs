//! How many downloads are on their way at a time: as many as bring something, and no more
//! than a person allows.
//!
//! [`Width`] is the rule, and pure. It begins with a few lanes and doubles them while that
//! brings more, then tries some more now and then. Google's word that it is too much halves
//! them, and so does a time in which most downloads failed; a single failure does not
//! (`docs/decisions/0025-adaptive-transfers.rst`). [`Lanes`] has downloads wait for one.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::clock::Clock;

/// With how many it begins.
const FIRST: usize = 8;

/// A request costs about as much as so many bytes do.
const REQUEST_BYTES: u64 = 64 << 10;

/// Over what time it is judged how much came, at least.
const EPOCH_MIN: TimeDelta = TimeDelta::milliseconds(200);

/// After so many epochs in which nothing was changed some lanes more are tried.
const STEADY_EPOCHS: u32 = 16;

/// For how long nothing is begun at the most after Google has asked for slowness. It may
/// have meant one file, and that one waits for as long as was asked.
const CLOSED_MAX: Duration = Duration::from_secs(1);

/// How a download ended, as far as it tells of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Its bytes came, or nobody wanted more of them.
    Well,
    /// The server stumbled, or the connection broke.
    Badly,
    /// Google asks for slowness, and to wait for so long.
    Busy(Duration),
}

/// How many lanes there are, and why.
#[derive(Debug)]
pub(super) struct Width {
    lanes: usize,
    most: usize,
    epoch: Epoch,
    trial: Trial,
    /// No download is to begin before.
    closed_until: Option<DateTime<Utc>>,
}

/// What came since when.
#[derive(Debug)]
struct Epoch {
    since: DateTime<Utc>,
    ended: usize,
    failed: usize,
    bytes: u64,
    /// Google has asked for slowness in it: once is enough.
    was_busy: bool,
}

/// What is being tried.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trial {
    /// Nothing was measured yet.
    None,
    /// More lanes than before: from how many, and how much came then, in bytes a second.
    More { from: usize, rate: f64, doubles: bool },
    /// Nothing, for so many epochs.
    Steady { epochs: u32 },
}

impl Width {
    /// At most `most` lanes.
    pub(super) fn new(most: usize, now: DateTime<Utc>) -> Self {
        let most = most.max(1);
        Self {
            lanes: most.min(FIRST),
            most,
            epoch: Epoch::begin(now),
            trial: Trial::None,
            closed_until: None,
        }
    }

    /// How many there are now. At least one.
    pub(super) const fn lanes(&self) -> usize {
        self.lanes
    }

    /// How long it is until a download may begin.
    pub(super) fn closed_for(&self, now: DateTime<Utc>) -> Option<Duration> {
        let left = (self.closed_until? - now).to_std().ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// Takes notice of a download that ended after `bytes`. `all_used` says whether no lane
    /// was free until then: what nobody uses tells nothing.
    pub(super) fn ended(&mut self, how: Ended, bytes: u64, all_used: bool, now: DateTime<Utc>) {
        self.epoch.ended += 1;
        self.epoch.failed += usize::from(how == Ended::Badly);
        self.epoch.bytes = self.epoch.bytes.saturating_add(bytes);
        if let Ended::Busy(wait) = how {
            self.close(wait, now);
        }
        if self.epoch.is_over(self.lanes, now) {
            self.judge(all_used, now);
        }
    }

    fn close(&mut self, wait: Duration, now: DateTime<Utc>) {
        self.closed_until = self.closed_until.max(Some(now + wait.min(CLOSED_MAX)));
        if !self.epoch.was_busy {
            self.epoch.was_busy = true;
            self.halve();
        }
    }

    fn halve(&mut self) {
        self.lanes = (self.lanes / 2).max(1);
        self.trial = Trial::Steady { epochs: 0 };
    }

    /// Decides at the end of an epoch how many lanes the next one has.
    fn judge(&mut self, all_used: bool, now: DateTime<Utc>) {
        let epoch = std::mem::replace(&mut self.epoch, Epoch::begin(now));
        if epoch.was_busy {
            return;
        }
        if epoch.failed * 2 > epoch.ended {
            return self.halve();
        }
        if !all_used {
            return;
        }
        let rate = epoch.rate(now);
        match self.trial {
            Trial::None => self.widen(rate, true),
            Trial::More { from, rate: before, doubles } => {
                if is_worth_it((from, before), (self.lanes, rate)) {
                    self.widen(rate, doubles);
                } else {
                    self.lanes = from;
                    self.trial = Trial::Steady { epochs: 0 };
                }
            }
            Trial::Steady { epochs: STEADY_EPOCHS.. } => self.widen(rate, false),
            Trial::Steady { epochs } => self.trial = Trial::Steady { epochs: epochs + 1 },
        }
    }

    /// Tries some lanes more, if there may be more.
    fn widen(&mut self, rate: f64, doubles: bool) {
        let from = self.lanes;
        let more = if doubles { from } else { (from / 4).max(1) };
        self.lanes = (from + more).min(self.most);
        self.trial = if self.lanes == from {
            Trial::Steady { epochs: 0 }
        } else {
            Trial::More { from, rate, doubles }
        };
    }
}

/// Whether more lanes bring a third at least of what they would if nothing else were in the
/// way: less than that is chance.
fn is_worth_it((from, before): (usize, f64), (lanes, rate): (usize, f64)) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "they are a few hundred at the most")]
    let growth = lanes as f64 / from as f64 - 1.0;
    rate >= before * (1.0 + growth / 3.0)
}

impl Epoch {
    const fn begin(since: DateTime<Utc>) -> Self {
        Self { since, ended: 0, failed: 0, bytes: 0, was_busy: false }
    }

    /// A clock that was set makes it shorter, if anything.
    fn is_over(&self, lanes: usize, now: DateTime<Utc>) -> bool {
        self.ended >= 2 * lanes && (now - self.since).abs() >= EPOCH_MIN
    }

    /// How much came in it, in bytes a second.
    #[expect(clippy::cast_precision_loss, reason = "it is compared with a margin of some percent")]
    fn rate(&self, now: DateTime<Utc>) -> f64 {
        let work = self.bytes.saturating_add(self.ended as u64 * REQUEST_BYTES);
        work as f64 / (now - self.since).abs().as_seconds_f64()
    }
}

/// The lanes of a client, shared by all its downloads.
#[derive(Clone)]
pub(super) struct Lanes(Arc<Shared>);

struct Shared {
    clock: Arc<dyn Clock>,
    free: Arc<Semaphore>,
    held: Mutex<Held>,
}

struct Held {
    width: Width,
    /// How many lanes are free or used: more than there should be, until those end.
    lanes: usize,
}

/// A lane that is used by one download. It is free again when this is dropped.
pub(super) struct Lane {
    of: Lanes,
    permit: Option<OwnedSemaphorePermit>,
    bytes: u64,
    how: Ended,
}

impl Lanes {
    pub(super) fn new(most: usize, clock: Arc<dyn Clock>) -> Self {
        let width = Width::new(most, clock.now());
        let lanes = width.lanes();
        let (free, held) = (Arc::new(Semaphore::new(lanes)), Mutex::new(Held { width, lanes }));
        Self(Arc::new(Shared { clock, free, held }))
    }

    /// Allows `most` lanes from now on, and begins anew to find out how many are good.
    pub(super) fn limit(&self, most: usize) {
        self.change(None, |width, now| *width = Width::new(most, now));
    }

    /// Waits for a lane: those who wait longest come first.
    pub(super) async fn take(&self) -> Lane {
        // It is never closed; without a permit nothing would be given back.
        let permit = Arc::clone(&self.0.free).acquire_owned().await.ok();
        if let Some(wait) = self.closed_for() {
            self.0.clock.sleep(wait).await;
        }
        Lane { of: self.clone(), permit, bytes: 0, how: Ended::Well }
    }

    fn closed_for(&self) -> Option<Duration> {
        let held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.width.closed_for(self.0.clock.now())
    }

    /// Changes the rule, and has as many lanes as it says then. A lane that is given back
    /// is the first to go: whoever waits would have it at once.
    fn change(
        &self,
        given_back: Option<OwnedSemaphorePermit>,
        change: impl FnOnce(&mut Width, DateTime<Utc>),
    ) {
        let mut held = self.0.held.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut held.width, self.0.clock.now());
        let wanted = held.width.lanes();
        if let Some(permit) = given_back.filter(|_| wanted < held.lanes) {
            permit.forget();
            held.lanes -= 1;
        }
        if wanted > held.lanes {
            self.0.free.add_permits(wanted - held.lanes);
            held.lanes = wanted;
        } else {
            held.lanes -= self.0.free.forget_permits(held.lanes - wanted);
        }
    }
}

impl Lane {
    /// Counts bytes that came on it.
    pub(super) const fn count(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Says how it ends, where that is not well.
    pub(super) const fn ends(&mut self, how: Ended) {
        self.how = how;
    }
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        let all_used = self.of.0.free.available_permits() == 0;
        let Self { of, permit, bytes, how } = self;
        of.change(permit.take(), |width, now| width.ended(*how, *bytes, all_used, now));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A line on which each answer takes `latency_ms`, and of which no more than `together`
    /// come at a time, however many are asked for.
    struct Line {
        latency_ms: f64,
        together: usize,
    }

    /// Has `answers` downloads come over `line`, and returns how many lanes there were at
    /// the end, and at the most.
    fn lanes(line: &Line, most: usize, answers: u32) -> (usize, usize) {
        let mut width = Width::new(most, at(0.0));
        let (mut ms, mut widest) = (0.0, 0);
        for _ in 0..answers {
            let at_once = u32::try_from(width.lanes().min(line.together)).unwrap();
            ms += line.latency_ms / f64::from(at_once);
            width.ended(Ended::Well, 64 << 10, true, at(ms));
            widest = widest.max(width.lanes());
        }
        (width.lanes(), widest)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a time of a test")]
    fn at(ms: f64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::microseconds((ms * 1000.0) as i64)
    }

    #[test]
    fn there_are_as_many_lanes_as_bring_something() {
        for (latency_ms, together, most, answers, end, widest) in [
            // A slow answer and a wide line: all that may be.
            (50.0, 1000, 64, 500, 64, 64),
            (50.0, 1000, 128, 1500, 128, 128),
            (50.0, 1000, 5, 500, 5, 5),
            (50.0, 1000, 1, 500, 1, 1),
            // A line that is full with eight, or with fewer: more are tried in vain.
            (5.0, 8, 64, 1500, 8, 16),
            (20.0, 1, 64, 60, 8, 16),
            // One that is full with 32.
            (50.0, 32, 64, 900, 32, 64),
        ] {
            let line = Line { latency_ms, together };
            let told = format!("{latency_ms} ms, {together} together, at most {most}");
            assert_eq!(lanes(&line, most, answers), (end, widest), "{told}");
        }
    }

    #[test]
    fn what_nobody_uses_brings_no_more_lanes() {
        let mut width = Width::new(64, at(0.0));
        (1..100).for_each(|n| width.ended(Ended::Well, 1, false, at(f64::from(n) * 50.0)));
        assert_eq!(width.lanes(), 8);
    }

    #[test]
    fn slowness_that_google_asks_for_is_given_at_once_and_once_for_many_answers() {
        let mut width = Width::new(64, at(0.0));
        let (wait, closed) = (Duration::from_secs(500), Duration::from_secs(1));
        (0..8).for_each(|_| width.ended(Ended::Busy(wait), 0, true, at(10.0)));
        assert_eq!(width.lanes(), 4);
        assert_eq!(width.closed_for(at(10.0)), Some(closed));
        assert_eq!(width.closed_for(at(1010.0)), None);
        width.ended(Ended::Busy(wait), 0, true, at(3000.0));
        assert_eq!(width.lanes(), 4, "that epoch was judged");
        width.ended(Ended::Busy(wait), 0, true, at(3001.0));
        assert_eq!(width.lanes(), 2);
    }

    #[test]
    fn failures_narrow_it_only_where_most_fail() {
        for (failing_of_seven, expected) in [(1, true), (3, true), (4, false), (7, false)] {
            let mut width = Width::new(8, at(0.0));
            let how = [Ended::Well, Ended::Badly];
            (0..210).for_each(|n| {
                let how = how[usize::from(n % 7 < failing_of_seven)];
                width.ended(how, 64 << 10, true, at(f64::from(n) * 10.0));
            });
            assert_eq!(width.lanes() == 8, expected, "{failing_of_seven} of 7");
        }
    }

    proptest! {
        #[test]
        fn there_is_always_a_lane_and_never_one_too_many(
            most in 1_usize..130,
            ends in prop::collection::vec((0..4_u8, 0_u64..1 << 40, any::<bool>(), -500_i32..900), 1..400),
        ) {
            let (mut width, mut ms) = (Width::new(most, at(0.0)), 0.0);
            for (how, bytes, all_used, passed) in ends {
                let how = match how {
                    0 => Ended::Badly,
                    1 => Ended::Busy(Duration::from_secs(bytes)),
                    _ => Ended::Well,
                };
                ms += f64::from(passed);
                width.ended(how, bytes, all_used, at(ms));
                prop_assert!((1..=most).contains(&width.lanes()));
            }
        }
    }

    async fn take(lanes: Lanes) {
        drop(lanes.take().await);
    }

    #[tokio::test]
    async fn a_lane_is_free_again_when_its_download_ended() {
        let lanes = Lanes::new(2, Arc::new(crate::google::testing::Hasty::default()));
        let (first, mut second) = (lanes.take().await, lanes.take().await);
        let third = tokio::spawn(take(lanes));
        tokio::task::yield_now().await;
        assert!(!third.is_finished(), "there are two only");
        second.ends(Ended::Busy(Duration::from_secs(1)));
        drop(second);
        tokio::task::yield_now().await;
        assert!(!third.is_finished(), "there is one only, and it is used");
        drop(first);
        third.await.unwrap();
    }
}

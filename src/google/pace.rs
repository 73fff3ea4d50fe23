//! Drive's quota, kept below by waiting a little beforehand.
//!
//! Nothing here waits: [`Pace::take`] says how long to. Google's refusals are the
//! authority (`retry.rs`); this only keeps a long run from living on refusals.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// What calls cost in Drive's quota, in units
/// (<https://developers.google.com/workspace/drive/api/guides/limits>).
pub mod units {
    /// `files.list`, `changes.list`.
    pub const LIST: u32 = 100;
    /// `files.get`, `about.get`.
    pub const GET: u32 = 5;
    /// `files.get?alt=media`, each range of it too, and exports.
    pub const DOWNLOAD: u32 = 200;
}

/// What one user of one project may spend in a minute, in units.
const PER_MINUTE: u32 = 325_000;

/// A bucket that holds a minute's units and fills as fast as Google grants them.
#[derive(Debug)]
pub(super) struct Pace {
    /// What is left, in units; below zero by what callers are waiting for.
    left: f64,
    /// When `left` was right.
    at: DateTime<Utc>,
}

impl Pace {
    /// A full bucket.
    pub(super) fn full(now: DateTime<Utc>) -> Self {
        Self { left: f64::from(PER_MINUTE), at: now }
    }

    /// Takes `units` out and returns how long to wait before they may be spent.
    pub(super) fn take(&mut self, units: u32, now: DateTime<Utc>) -> Duration {
        let per_second = f64::from(PER_MINUTE) / 60.0;
        // A clock that was set back fills nothing and takes nothing away.
        let passed = (now - self.at).to_std().unwrap_or_default();
        let filled = self.left + passed.as_secs_f64() * per_second;
        self.left = filled.min(f64::from(PER_MINUTE)) - f64::from(units);
        self.at = now;
        Duration::try_from_secs_f64(-self.left / per_second).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_run_never_waits() {
        let now = DateTime::UNIX_EPOCH;
        let mut pace = Pace::full(now);
        for _ in 0..PER_MINUTE / units::DOWNLOAD {
            assert_eq!(pace.take(units::DOWNLOAD, now), Duration::ZERO);
        }
        assert!(pace.take(units::DOWNLOAD, now) > Duration::ZERO);
    }

    #[test]
    fn a_long_run_spends_what_google_grants_and_not_more() {
        let mut now = DateTime::UNIX_EPOCH;
        let mut pace = Pace::full(now);
        for _ in 0..10_000 {
            now += pace.take(units::DOWNLOAD, now);
        }
        let spent = f64::from(10_000 * units::DOWNLOAD - PER_MINUTE);
        let granted = spent / f64::from(PER_MINUTE) * 60.0;
        let seconds = (now - DateTime::UNIX_EPOCH).as_seconds_f64();
        assert!((seconds - granted).abs() < 0.1, "{seconds} s for {granted} s of quota");
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_stop_the_run() {
        let now = DateTime::UNIX_EPOCH + Duration::from_hours(1);
        let mut pace = Pace::full(now);
        assert_eq!(pace.take(units::GET, now - Duration::from_hours(1)), Duration::ZERO);
        assert_eq!(pace.take(units::GET, now), Duration::ZERO);
    }
}

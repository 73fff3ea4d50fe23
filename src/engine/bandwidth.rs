//! Spreads what is fetched over time, so that in a second no more comes than a person
//! allows. It says how long to wait; waiting is for others.

use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// What all transfers share of the line.
#[derive(Debug)]
pub(super) struct Bandwidth {
    bytes_per_second: NonZeroU64,
    used: Mutex<Used>,
}

/// For how long from when on the line is used up by what has come. Time in which
/// nothing comes is not saved for later.
#[derive(Debug)]
struct Used {
    at: DateTime<Utc>,
    left: Duration,
}

impl Bandwidth {
    pub(super) fn new(bytes_per_second: NonZeroU64, now: DateTime<Utc>) -> Self {
        Self { bytes_per_second, used: Mutex::new(Used { at: now, left: Duration::ZERO }) }
    }

    /// Counts `bytes` that came at `now`, and returns for how long whoever took them has
    /// to wait for more. A clock that is set back makes that no longer than it would be
    /// had no time passed.
    pub(super) fn take(&self, bytes: u64, now: DateTime<Utc>) -> Duration {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let passed = (now - used.at).to_std().unwrap_or_default();
        used.at = now;
        used.left = used.left.saturating_sub(passed).saturating_add(self.time_for(bytes));
        used.left
    }

    fn time_for(&self, bytes: u64) -> Duration {
        let nanoseconds =
            u128::from(bytes) * 1_000_000_000 / u128::from(self.bytes_per_second.get());
        Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn transfers_share_one_line_and_time_passed_is_not_saved() {
        let line = line(1000);
        for (at_ms, bytes, wait_ms) in [
            (0, 500, 500),
            // Another transfer waits for what the first took as well.
            (0, 500, 1000),
            (400, 100, 700),
            (1100, 1, 1),
            // An idle hour gives nothing to spend.
            (3_600_000, 2000, 2000),
            // The clock is set back: as if no time had passed.
            (0, 0, 2000),
            (500, 0, 1500),
        ] {
            assert_eq!(line.take(bytes, at(at_ms)), Duration::from_millis(wait_ms), "{at_ms}");
        }
    }

    proptest! {
        #[test]
        fn whoever_waits_as_told_never_gets_more_than_allowed(
            rate in 1_u32..1_000_000,
            takes in prop::collection::vec(1_u32..100_000, 1..50),
        ) {
            let line = line(rate.into());
            let (mut now, mut sum) = (DateTime::UNIX_EPOCH, 0_u64);
            for bytes in takes {
                sum += u64::from(bytes);
                now += TimeDelta::from_std(line.take(bytes.into(), now)).unwrap();
                let passed = (now - DateTime::UNIX_EPOCH).to_std().unwrap().as_nanos();
                // Each wait is short of the truth by less than a nanosecond.
                let allowed = (passed + 50) * u128::from(rate);
                prop_assert!(allowed >= u128::from(sum) * 1_000_000_000);
            }
        }
    }

    fn line(rate: u64) -> Bandwidth {
        Bandwidth::new(NonZeroU64::new(rate).unwrap(), at(0))
    }

    fn at(ms: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(ms).unwrap()
    }
}

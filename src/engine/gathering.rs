//! Finished downloads that wait for each other, so that one wait for the disk does for all
//! of them (`docs/decisions/0007`). Pure: what becomes of them is the caller's.
//!
//! What waits here is what a power cut costs: it is fetched again.

use chrono::{DateTime, TimeDelta, Utc};

/// How many files, and how many bytes, may wait to be landed together.
const FILES: usize = 512;
const BYTES: u64 = 64 << 20;

/// For how long the first of them may wait, however steadily others come. On a slow line it
/// is this that a power cut costs at the most.
const AGE_MAX: TimeDelta = TimeDelta::seconds(5);

/// How many finished files may wait while others are landed. Fetching stops there.
const FILES_MAX: usize = 2 * FILES;

/// What waits.
#[derive(Debug)]
pub(super) struct Gathering<T> {
    waiting: Vec<T>,
    bytes: u64,
    /// Since when the first of them waits.
    since: Option<DateTime<Utc>>,
}

impl<T> Default for Gathering<T> {
    fn default() -> Self {
        Self { waiting: Vec::new(), bytes: 0, since: None }
    }
}

impl<T> Gathering<T> {
    /// Has one more wait, of that many bytes.
    pub(super) fn push(&mut self, one: T, bytes: u64, now: DateTime<Utc>) {
        self.waiting.push(one);
        self.bytes += bytes;
        self.since.get_or_insert(now);
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether no more may be fetched until these are landed.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= FILES_MAX
    }

    /// Whether what waits is to be landed now. A clock that was set makes that earlier, if
    /// anything.
    pub(super) fn is_due(&self, now: DateTime<Utc>) -> bool {
        let is_old = self.since.is_some_and(|since| (now - since).abs() >= AGE_MAX);
        self.waiting.len() >= FILES || self.bytes >= BYTES || is_old
    }

    /// Takes all that waits.
    pub(super) fn take(&mut self) -> Vec<T> {
        std::mem::take(self).waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(files: usize, bytes: u64) -> Gathering<()> {
        let mut gathering = Gathering::default();
        (0..).take(files).for_each(|n| gathering.push((), bytes, at(n)));
        gathering
    }

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::milliseconds(milliseconds)
    }

    #[test]
    fn a_batch_is_landed_when_it_has_enough_files_or_bytes_or_was_begun_long_enough_ago() {
        for (files, bytes, milliseconds, is_due) in [
            (0, 0, 1_000_000, false),
            (1, 1, 4_999, false),
            (1, 1, 5_000, true),
            (511, 1, 4_999, false),
            (512, 1, 512, true),
            (1, 64 << 20, 0, true),
            (2, 32 << 20, 2, true),
            (2, (32 << 20) - 1, 2, false),
            // The clock was set back.
            (1, 1, -5_000, true),
        ] {
            let gathering = gathered(files, bytes);
            assert_eq!(gathering.is_due(at(milliseconds)), is_due, "{files} {bytes}");
        }
    }

    #[test]
    fn what_comes_later_makes_nobody_wait_longer() {
        let mut gathering = gathered(1, 1);
        gathering.push((), 1, at(4_999));
        assert!(gathering.is_due(at(5_000)));
        assert_eq!(gathering.take().len(), 2);
        gathering.push((), 1, at(5_000));
        assert!(!gathering.is_due(at(5_001)), "the next batch begins anew");
    }

    #[test]
    fn what_waits_while_others_are_landed_has_a_bound() {
        assert!(!gathered(1023, 1).is_full());
        assert!(gathered(1024, 1).is_full());
    }
}

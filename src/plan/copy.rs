//! When the copy of the index is to be made anew. Pure.
//!
//! Making it costs time by the size of the library, and a night brings little that is new. What
//! a copy does not know yet the manifest tells, which each run completes, or Google does.

use chrono::{DateTime, TimeDelta, Utc};

/// A copy is made anew when one in so many files is news to it.
const SHARE: u64 = 50;

/// The age at which it is made anew with whatever is news to it.
const AGE_MAX: TimeDelta = TimeDelta::days(7);

/// What the copy of an index says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copied {
    /// How many lines the manifest had by then.
    pub lines: u64,
    /// When the run began that made it.
    pub at: DateTime<Utc>,
}

/// Says whether a copy is to be made, of an index that knows something new, where the archive
/// has `files` and its manifest `lines`.
#[must_use]
pub fn is_copy_due(copied: Option<Copied>, files: u64, lines: u64, now: DateTime<Utc>) -> bool {
    // Of an archive without files nothing is lost with its index.
    let Some(copied) = copied else { return files > 0 };
    // There are fewer after they were written anew.
    let news = lines.checked_sub(copied.lines).unwrap_or(files);
    // A clock that was set back tells nothing.
    news.saturating_mul(SHARE) >= files || (now - copied.at).abs() >= AGE_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_made_when_enough_is_new_or_the_last_is_old_enough() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(1000);
        let copied = |lines, days| Some(Copied { lines, at: now - TimeDelta::days(days) });
        for (copied, files, lines, is_due) in [
            (None, 0, 1, false),
            (None, 1, 2, true),
            (copied(100, 1), 100, 101, false),
            (copied(100, 1), 100, 102, true),
            (copied(100, 1), 10, 101, true),
            (copied(1_000_000, 6), 1_000_000, 1_001_000, false),
            (copied(1_000_000, 6), 1_000_000, 1_020_000, true),
            (copied(1_000_000, 7), 1_000_000, 1_000_000, true),
            // Small archives lose nothing by it.
            (copied(1, 0), 0, 1, true),
            // The manifest was written anew.
            (copied(300, 0), 100, 100, true),
            // The clock was set back.
            (copied(100, -7), 100, 100, true),
        ] {
            assert_eq!(
                is_copy_due(copied, files, lines, now),
                is_due,
                "{copied:?} {files} {lines}"
            );
        }
    }
}

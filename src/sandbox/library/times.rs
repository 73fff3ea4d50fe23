//! When the items of a library of any size came to be: evenly over the years, in a few
//! imports, or all at once.
//!
//! A crawl that splits a listing by times is easy to please by the first and hard by the
//! others. Nothing else of an item follows from its time.

use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};

use crate::sandbox::item::instant;

/// When the latest item came to be.
pub(super) const LATEST: &str = "2025-12-31T12:00:00Z";

/// Over how many milliseconds before that the items are spread: fifteen years.
const SPREAD_MS: u64 = 15 * 365 * DAY_MS;

const DAY_MS: u64 = 24 * 60 * MINUTE_MS;
const MINUTE_MS: u64 = 60 * 1000;

/// The imports: how many days before the latest item each was over, and how many minutes it
/// took.
const IMPORTS: [(u64, u64); 5] = [(40, 10), (41, 300), (1200, 45), (3000, 3), (5000, 180)];

/// Of so many items one came by itself, and the others in an import.
const ALONE_OF: u64 = 10;

/// How the times of items lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Times {
    /// Evenly over fifteen years.
    #[default]
    Uniform,
    /// Nine of ten in five imports that took minutes or hours, the others evenly.
    Bursts,
    /// All at one instant.
    Once,
}

impl FromStr for Times {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "uniform" => Ok(Self::Uniform),
            "bursts" => Ok(Self::Bursts),
            "once" => Ok(Self::Once),
            _ => Err(format!("{text:?} is none of uniform, bursts, once")),
        }
    }
}

impl Times {
    /// The time of one of `count` items. Number 0 has the latest; of the others those with
    /// smaller numbers are mostly the later ones.
    pub(super) fn of(self, number: u64, count: u64) -> DateTime<Utc> {
        let age_ms = match self {
            Self::Uniform => share(SPREAD_MS, number, count),
            Self::Bursts if number.is_multiple_of(ALONE_OF) => share(SPREAD_MS, number, count),
            Self::Bursts => in_an_import(number, count),
            Self::Once => 0,
        };
        instant(LATEST) - TimeDelta::milliseconds(i64::try_from(age_ms).unwrap_or(0))
    }
}

/// The age of an item that came in one of the imports, which have equally many.
fn in_an_import(number: u64, count: u64) -> u64 {
    let place = share(IMPORTS.len() as u64 * 1_000_000, number, count);
    let (import, within) = (place / 1_000_000, place % 1_000_000);
    let index = usize::try_from(import).unwrap_or(0).min(IMPORTS.len() - 1);
    let (days, minutes) = IMPORTS[index];
    days * DAY_MS + share(minutes * MINUTE_MS, within, 1_000_000)
}

/// `whole * number / count`, whose product may be beyond 64 bits.
fn share(whole: u64, number: u64, count: u64) -> u64 {
    let product = u128::from(whole) * u128::from(number) / u128::from(count.max(1));
    u64::try_from(product).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_lie_as_their_word_says() {
        //    word      on their busiest day, and on how many days there are any
        check("uniform", 1, 1000);
        check("bursts", 180, 105);
        check("once", 1000, 1);
    }

    #[track_caller]
    fn check(word: &str, busiest: usize, days: usize) {
        let times: Times = word.parse().unwrap();
        let mut found = std::collections::BTreeMap::new();
        for number in 0..1000 {
            *found.entry(times.of(number, 1000).date_naive()).or_insert(0) += 1;
        }
        assert_eq!((found.values().copied().max(), found.len()), (Some(busiest), days), "{word}");
    }

    #[test]
    fn other_words_are_refused() {
        assert!("often".parse::<Times>().is_err());
    }

    #[test]
    fn a_million_items_do_not_overflow() {
        for times in [Times::Uniform, Times::Bursts] {
            let oldest = times.of(999_999_999, 1_000_000_000);
            assert!(oldest > instant("2010-12-01T00:00:00Z"), "{oldest}");
        }
    }
}

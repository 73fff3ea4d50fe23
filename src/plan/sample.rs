//! Which files are read when only a part of them is to be verified.
//!
//! A file's place on a circle is the beginning of its own checksum, so the files are
//! spread evenly over it. Each day takes an arc of the circle that begins elsewhere,
//! by steps of the golden ratio: whatever the rhythm, daily or weekly, the arcs of a
//! few rounds cover the circle, and nothing has to be remembered.

use std::str::FromStr;

use crate::model::Sha256;

/// 2^64 divided by the golden ratio.
const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

/// A share of all files.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sample {
    percent: f64,
}

/// The text is no share.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no share of the files: give a number above 0 and up to 100, such as 5%")]
pub struct BadSample(String);

impl Sample {
    /// All files.
    pub const ALL: Self = Self { percent: 100.0 };

    /// Says whether a file with that checksum is among those of `day`, a number that
    /// counts days.
    #[must_use]
    pub fn takes(self, sha256: &Sha256, day: i64) -> bool {
        if self.percent >= 100.0 {
            return true;
        }
        let place = sha256.0.first_chunk().map_or(0, |first| u64::from_be_bytes(*first));
        let start = day.cast_unsigned().wrapping_mul(STEP);
        place.wrapping_sub(start) < self.of(u64::MAX)
    }

    /// This share of `whole`.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share is never negative nor more than the whole, and need not be exact"
    )]
    pub fn of(self, whole: u64) -> u64 {
        (whole as f64 * (self.percent / 100.0)) as u64
    }
}

impl FromStr for Sample {
    type Err = BadSample;

    /// Reads `5%`, `5` or `0.5%`.
    fn from_str(text: &str) -> Result<Self, BadSample> {
        let number = text.strip_suffix('%').unwrap_or(text).trim_end();
        match number.parse::<f64>() {
            Ok(percent) if percent > 0.0 && percent <= 100.0 => Ok(Self { percent }),
            _ => Err(BadSample(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_share_is_a_number_above_nothing_and_up_to_all() {
        for text in ["5%", "5", "0.5%", "100%", "33.3 %"] {
            assert!(text.parse::<Sample>().is_ok(), "{text}");
        }
        for text in ["", "%", "0", "0%", "-1%", "101%", "NaN", "inf", "five", "5%%"] {
            assert_eq!(text.parse::<Sample>(), Err(BadSample(text.to_owned())));
        }
    }

    #[test]
    fn a_day_takes_about_its_share() {
        for percent in [1.0, 5.0, 50.0] {
            let sample = Sample { percent };
            let taken = (0..10_000_u64).filter(|number| sample.takes(&spread(*number), 7)).count();
            let expected = sample.of(10_000);
            let taken = u64::try_from(taken).unwrap();
            assert!(taken.abs_diff(expected) <= 2, "{taken} of {expected}");
        }
        assert!(Sample::ALL.takes(&Sha256([255; 32]), 1) && Sample::ALL.of(7) == 7);
    }

    proptest! {
        #[test]
        fn every_file_has_its_turn_soon_whatever_the_rhythm(
            number in 0..10_000_u64, first in 0..40_000_i64, every in 1..=7_i64,
        ) {
            let sample = Sample { percent: 5.0 };
            let mut days = (0..100).map(|round| first + round * every);
            prop_assert!(days.any(|day| sample.takes(&spread(number), day)));
        }
    }

    /// The n-th of ten thousand checksums that are spread evenly.
    fn spread(number: u64) -> Sha256 {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&(u64::MAX / 10_000 * number).to_be_bytes());
        Sha256(bytes)
    }
}

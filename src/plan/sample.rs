//! How much is read when only a part of the files is to be verified.
//!
//! The files are read in the order of their turn, those first that were never verified or
//! longest ago, until the share is used up. So after as many rounds as it takes to come to
//! 100% every file has been read. What is shared out is work: bytes, and something for
//! each file, so that empty ones have their turn as well.

use std::str::FromStr;

/// What it costs to reach a file, in bytes that could be read meanwhile.
const PER_FILE: u64 = 64 << 10;

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

    /// Begins to read: a share of so many files of so many bytes in all.
    #[must_use]
    pub fn share(self, files: u64, bytes: u64) -> Share {
        Share { left: self.of(work(files, bytes)) }
    }

    /// This share of `whole`, rather more than less.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share is never negative nor more than the whole, and need not be exact"
    )]
    pub fn of(self, whole: u64) -> u64 {
        if self.percent >= 100.0 {
            return whole;
        }
        let share = (whole as f64 * (self.percent / 100.0)).ceil() as u64;
        share.saturating_add(1).min(whole)
    }
}

/// How much is still to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    left: u64,
}

impl Share {
    /// Says whether the next file is read.
    #[must_use]
    pub const fn takes(&self) -> bool {
        self.left > 0
    }

    /// A file of that length was read and found right. What is wrong is not counted: it
    /// comes first again each time, and must not keep the others from their turn.
    pub const fn spend(&mut self, size_bytes: u64) {
        self.left = self.left.saturating_sub(work(1, size_bytes));
    }
}

const fn work(files: u64, bytes: u64) -> u64 {
    bytes.saturating_add(files.saturating_mul(PER_FILE))
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
    fn of_many_small_files_a_night_reads_about_its_share_of_them() {
        for (percent, expected) in [(5.0, 51), (20.0, 201), (50.0, 501), (100.0, 1000)] {
            let read = night(Sample { percent }, &[3; 1000], 0);
            assert!(read.abs_diff(expected) <= 1, "{read} of {expected}");
        }
    }

    proptest! {
        #[test]
        fn twenty_nights_of_five_percent_read_every_file(
            sizes in prop::collection::vec(prop_oneof![Just(0_u64), 0..100_u64, 0..(1_u64 << 40)], 0..60),
        ) {
            let sample = Sample { percent: 5.0 };
            let read = (0..20).fold(0, |read, _| read + night(sample, &sizes, read));
            prop_assert_eq!(read, sizes.len());
        }
    }

    /// How many of `sizes` a night reads, of which the first `read` had their turn before.
    fn night(sample: Sample, sizes: &[u64], read: usize) -> usize {
        let mut share = sample.share(sizes.len() as u64, sizes.iter().sum());
        let taken = sizes[read..].iter().take_while(|size| {
            let takes = share.takes();
            share.spend(**size);
            takes
        });
        taken.count()
    }
}

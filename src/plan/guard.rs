//! How many files one run may remove.

use std::str::FromStr;

/// What a person allows a run to remove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MaxDelete {
    /// The larger of 10% of the archive's files and 50, but never more than half of them.
    #[default]
    Usual,
    /// So many files.
    Files(u64),
    /// So many in a hundred of the archive's files, 0 to 100.
    Percent(u8),
}

impl MaxDelete {
    /// How many of `files` saved ones may go.
    #[must_use]
    pub fn of(self, files: u64) -> u64 {
        match self {
            Self::Usual => (files / 10).max(50).min(files / 2),
            Self::Files(most) => most,
            // In parts, since a product might not fit.
            Self::Percent(share) => {
                files / 100 * u64::from(share) + files % 100 * u64::from(share) / 100
            }
        }
    }
}

/// As a person writes it: a number of files, or a share of them such as `25%`.
impl FromStr for MaxDelete {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = || format!("'{text}' is neither a number of files nor a share such as 25%");
        match text.strip_suffix('%') {
            None => text.parse().map(Self::Files).map_err(|_| refused()),
            Some(share) => match share.parse() {
                Ok(share @ 0..=100) => Ok(Self::Percent(share)),
                _ => Err(refused()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_may_write() {
        for (text, max) in [
            ("0", Some(MaxDelete::Files(0))),
            ("1200", Some(MaxDelete::Files(1200))),
            ("25%", Some(MaxDelete::Percent(25))),
            ("100%", Some(MaxDelete::Percent(100))),
            ("101%", None),
            ("%", None),
            ("-1", None),
            ("many", None),
        ] {
            assert_eq!(text.parse().ok(), max, "{text}");
        }
    }

    #[test]
    fn what_may_go_of_how_many() {
        for (max, files, expected) in [
            (MaxDelete::Usual, 0, 0),
            (MaxDelete::Usual, 1, 0),
            (MaxDelete::Usual, 60, 30),
            (MaxDelete::Usual, 100, 50),
            (MaxDelete::Usual, 499, 50),
            (MaxDelete::Usual, 1000, 100),
            (MaxDelete::Files(3), 1000, 3),
            (MaxDelete::Files(0), 1000, 0),
            (MaxDelete::Percent(25), 1000, 250),
            (MaxDelete::Percent(50), 3, 1),
            (MaxDelete::Percent(100), u64::MAX, u64::MAX),
        ] {
            assert_eq!(max.of(files), expected, "{max:?} of {files}");
        }
    }
}

//! How many files one run may remove.

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

#[cfg(test)]
mod tests {
    use super::*;

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

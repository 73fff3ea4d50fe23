//! How much of a disk may be filled.

/// Of a disk so much is left free, in bytes, where it is large: for what SQLite writes
/// beside the index until it is part of it, and for whoever else uses the disk.
const KEPT_MAX: u64 = 64 << 20;

/// Of a smaller disk this part is left free.
const KEPT_PART: u64 = 16;

/// What becomes of a file that is to be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// There is room for it.
    Fits,
    /// There is, as soon as it is known what those leave that are on their way.
    Waits,
    /// There is none.
    Lacks,
}

/// How many bytes are left free of a disk of `total` bytes on which the index has
/// `index`: each run makes a copy of it.
#[must_use]
pub fn kept_free(total: u64, index: u64) -> u64 {
    (total / KEPT_PART).min(KEPT_MAX).saturating_add(index)
}

/// Says whether `wanted` bytes fit, where `free` of them are left, `kept` of which are not
/// for files, and up to `coming` are being filled.
#[must_use]
pub fn fit(wanted: u64, free: u64, kept: u64, coming: u64) -> Fit {
    let usable = free.saturating_sub(kept);
    match wanted.checked_add(coming) {
        Some(all) if all <= usable => Fit::Fits,
        _ if coming > 0 && wanted <= usable => Fit::Waits,
        _ => Fit::Lacks,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_fits_and_what_does_not() {
        //     wanted free kept coming
        for (numbers, expected) in [
            ([10, 100, 10, 0], Fit::Fits),
            ([90, 100, 10, 0], Fit::Fits),
            ([91, 100, 10, 0], Fit::Lacks),
            ([80, 100, 10, 11], Fit::Waits),
            ([80, 100, 10, 10], Fit::Fits),
            ([91, 100, 10, 50], Fit::Lacks),
            ([1, 5, 10, 0], Fit::Lacks),
            ([0, 5, 10, 0], Fit::Fits),
            ([u64::MAX, 100, 0, u64::MAX], Fit::Lacks),
        ] {
            let [wanted, free, kept, coming] = numbers;
            assert_eq!(fit(wanted, free, kept, coming), expected, "{numbers:?}");
        }
    }

    #[test]
    fn what_is_left_free_goes_by_the_disk_and_by_the_index() {
        for (total, index, kept) in [
            (16 << 20, 0, 1 << 20),
            (16 << 20, 1000, (1 << 20) + 1000),
            (4 << 40, 0, 64 << 20),
            (4 << 40, 1 << 30, (64 << 20) + (1 << 30)),
            (u64::MAX, u64::MAX, u64::MAX),
        ] {
            assert_eq!(kept_free(total, index), kept);
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_the_disk_is_never_filled_beyond_what_is_kept(
            sizes in prop::collection::vec(0u64..100, 0..50), free in 0u64..1000, kept in 0u64..100,
        ) {
            let mut left = free;
            for size in sizes {
                if fit(size, left, kept, 0) == Fit::Fits {
                    left -= size;
                }
            }
            prop_assert!(left >= kept.min(free));
        }
    }
}

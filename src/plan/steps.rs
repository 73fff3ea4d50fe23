//! What is to be done for one item: the difference of what is wanted and what is there.
//!
//! Removing is not among it: that needs evidence that no single item carries.

use crate::model::{ArchivePath, Revision};

/// One item's file: as it should be, or as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Below the archive's root. No two items share one.
    pub path: ArchivePath,
    /// Of the bytes.
    pub revision: Revision,
    /// The file's modification time, in milliseconds since 1970.
    pub mtime_ms: i64,
}

/// Something to do for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Give its file the wanted path.
    Move,
    /// Fetch its bytes, which sets the time as well. Older bytes go to the trash.
    Fetch,
    /// Give its file the wanted time.
    Retime,
}

/// Returns what turns `have` into `want`, in the order in which it is to be done.
///
/// Once it is done, nothing is left to do.
#[must_use]
pub fn steps(want: &Placed, have: Option<&Placed>) -> Vec<Step> {
    let Some(have) = have else { return vec![Step::Fetch] };
    let moves = (want.path != have.path).then_some(Step::Move);
    let touches = if want.revision == have.revision {
        (want.mtime_ms != have.mtime_ms).then_some(Step::Retime)
    } else {
        Some(Step::Fetch)
    };
    moves.into_iter().chain(touches).collect()
}

#[cfg(test)]
mod tests {
    use Step::{Fetch, Move, Retime};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_situation_of_one_item() {
        //     wanted     there
        check("a@1 0", "-", &[Fetch]);
        check("a@1 0", "a@1 0", &[]);
        check("a@1 9", "a@1 0", &[Retime]);
        check("a@2 0", "a@1 0", &[Fetch]);
        check("a@2 9", "a@1 0", &[Fetch]);
        check("b@1 0", "a@1 0", &[Move]);
        check("b@1 9", "a@1 0", &[Move, Retime]);
        check("b@2 9", "a@1 0", &[Move, Fetch]);
    }

    #[track_caller]
    fn check(want: &str, have: &str, expected: &[Step]) {
        assert_eq!(steps(&parse(want).unwrap(), parse(have).as_ref()), expected);
    }

    fn parse(text: &str) -> Option<Placed> {
        let (path, rest) = text.split_once('@')?;
        let (revision, mtime) = rest.split_once(' ')?;
        Some(Placed {
            path: ArchivePath::parse(path).unwrap(),
            revision: Revision(revision.to_owned()),
            mtime_ms: mtime.parse().unwrap(),
        })
    }

    proptest! {
        #[test]
        fn done_once_nothing_is_left_to_do(want in "[ab]@[12] [09]", have in "[ab]@[12] [09]|-") {
            let want = parse(&want).unwrap();
            let mut have = parse(&have);
            for step in steps(&want, have.as_ref()) {
                have = Some(match (step, have) {
                    (Fetch, have) => Placed {
                        path: have.map_or_else(|| want.path.clone(), |have| have.path),
                        ..want.clone()
                    },
                    (Move, have) => Placed { path: want.path.clone(), ..have.unwrap() },
                    (Retime, have) => Placed { mtime_ms: want.mtime_ms, ..have.unwrap() },
                });
            }
            prop_assert_eq!(steps(&want, have.as_ref()), []);
            prop_assert_eq!(have, Some(want));
        }
    }
}

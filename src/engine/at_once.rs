//! How many transfers are begun at a time. Pure.

/// How many transfers are begun before any of them has come.
const UNTRIED: usize = 8;

/// How many are read at once of what lies on this machine: none waits for an answer, so that
/// more would only take memory.
const LOCAL: usize = 3;

/// How many may be on the line where `most` may: few where all of it lies on this machine.
pub(super) fn on_line(most: usize, is_local: bool) -> usize {
    if is_local { most.min(LOCAL) } else { most }
}

/// How many transfers are begun at a time where `most` may be on the line: as many again may
/// wait until they can ask again, or for the disk. As long as nothing came there are few:
/// what is wrong may be wrong with all of them.
pub(super) fn at_once(most: usize, has_come: bool) -> usize {
    let all = 2 * most - 1;
    if has_come { all } else { all.min(UNTRIED) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_are_begun_before_anything_came_and_one_alone_stays_alone() {
        for (most, has_come, expected) in [
            (1, false, 1),
            (1, true, 1),
            (2, false, 3),
            (2, true, 3),
            (5, false, 8),
            (64, false, 8),
            (64, true, 127),
        ] {
            assert_eq!(at_once(most, has_come), expected, "{most}, {has_come}");
        }
    }

    #[test]
    fn what_lies_here_is_read_by_few_and_by_no_more_than_may_be() {
        for (most, expected) in [(1, 1), (2, 3), (3, 5), (64, 5)] {
            assert_eq!(at_once(on_line(most, true), true), expected, "{most}");
        }
    }
}

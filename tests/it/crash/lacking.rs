//! Disks that lack something, one thing at a time: the runs of `scenario` end on them as on
//! any other where something else does for it, and otherwise lose nothing by it.

use super::scenario::Scenario;
use crate::support::asked::tell;

/// What a run does without, and nobody can tell.
const REPLACEABLE: [&str; 4] = ["links", "rename_new", "syncfs", "reserve"];

/// What shows in the archive, or is told: a disk that has it is as it should be after the
/// next run.
const MISSED: [&str; 4] = ["symlinks", "times", "long_names", "locks"];

#[test]
fn what_something_else_does_for_is_not_missed() {
    let mut tried = 0;
    for scenario in scenarios() {
        for lack in REPLACEABLE {
            let orders = format!("without={lack}");
            scenario.begin_again();
            let ran = scenario.run(&orders);
            assert_eq!(ran.code, Some(0), "{orders}: {}", ran.stderr);
            scenario.witness.is_as_after(&scenario.archive(), &orders);
            tried += 1;
        }
    }
    tell(format_args!("{tried} runs without something that has a substitute"));
}

#[test]
fn what_is_missed_is_made_good_on_a_disk_that_has_it() {
    let mut tried = 0;
    for scenario in scenarios() {
        for lack in MISSED {
            let orders = format!("without={lack}");
            scenario.begin_again();
            let ran = scenario.run(&orders);
            let is_told = matches!(ran.code, Some(0 | 5 | 8));
            assert!(is_told, "{orders}: {:?} {}", ran.code, ran.stderr);
            scenario.witness.is_whole(&scenario.archive(), &orders);
            scenario.ends_well(&orders);
            tried += 1;
        }
    }
    tell(format_args!("{tried} runs without something that shows"));
}

fn scenarios() -> [Scenario; 3] {
    [Scenario::first_run(), Scenario::changes(), Scenario::deletions()]
}

//! The disk is full, or fails, at the k-th step and perhaps at all after it, for every k.
//!
//! A commit that fails is told in SQLite's words for one that a hook refused: what SQLite
//! says of a disk that is really full is for the unit tests of the index.

use super::scenario::{Scenario, each_step};
use crate::support::Ran;
use crate::support::asked::tell;

/// What the person is told, and what of.
const FULL: &[&str] = &["No space left on device", "make room on the disk"];
const FAILED: &[&str] = &["Input/output error"];
const NOT_COMMITTED: &[&str] = &["the index could not be used: constraint failed"];

#[test]
fn a_disk_that_fills_up_in_a_first_run_stops_it_and_nothing_is_lost() {
    from_each_step_on(&Scenario::first_run(), "ENOSPC", FULL);
}

#[test]
fn a_disk_that_fills_up_while_exports_are_taken_in_stops_the_run_and_nothing_is_lost() {
    from_each_step_on(&Scenario::exports(), "ENOSPC", FULL);
}

#[test]
fn one_failure_of_the_disk_while_exports_are_taken_in_costs_one_file_at_the_most() {
    at_each_step(&Scenario::exports());
}

#[test]
fn a_disk_that_fills_up_while_files_move_stops_the_run_and_nothing_is_lost() {
    from_each_step_on(&Scenario::changes(), "ENOSPC", FULL);
}

#[test]
fn a_disk_that_fills_up_while_files_are_removed_stops_the_run_and_nothing_is_lost() {
    from_each_step_on(&Scenario::deletions(), "ENOSPC", FULL);
}

#[test]
fn a_disk_that_fails_from_some_moment_on_stops_the_run_and_nothing_is_lost() {
    from_each_step_on(&Scenario::changes(), "EIO", FAILED);
}

#[test]
fn one_failure_of_the_disk_in_a_first_run_costs_one_file_at_the_most() {
    at_each_step(&Scenario::first_run());
}

#[test]
fn one_failure_of_the_disk_while_files_move_costs_nothing() {
    at_each_step(&Scenario::changes());
}

#[test]
fn one_failure_of_the_disk_while_files_are_removed_costs_nothing() {
    at_each_step(&Scenario::deletions());
}

/// All that the disk is asked for fails from the k-th step on.
#[track_caller]
fn from_each_step_on(scenario: &Scenario, errno: &str, words: &[&str]) {
    let mut tried = 0;
    for step in each_step(9) {
        let orders = format!("fail={step}+:{errno}");
        scenario.begin_again();
        let (ran, steps) = scenario.run_counted(&orders);
        if steps < step {
            ran.succeeds();
            break;
        }
        let (code, stderr) = (ran.code, &ran.stderr);
        tried += 1;
        if code == Some(0) {
            // Nothing was left to do but to say that the run is over.
            scenario.witness.is_as_after(&scenario.archive(), &orders);
            continue;
        }
        assert_eq!(code, Some(5), "{orders}: {stderr}");
        assert!(says(&ran, words) || says(&ran, NOT_COMMITTED), "{orders}: {stderr}");
        scenario.witness.is_whole(&scenario.archive(), &orders);
        scenario.ends_well(&orders);
    }
    assert!(tried > 0, "nothing failed");
    tell(format_args!("{tried} times all failed from some step on: {errno}"));
}

/// One operation fails, and those after it do not.
#[track_caller]
fn at_each_step(scenario: &Scenario) {
    let (mut tried, mut overcome) = (0, 0);
    for step in each_step(9) {
        let errno = if step % 2 == 0 { "EIO" } else { "ENOSPC" };
        let orders = format!("fail={step}:{errno}");
        scenario.begin_again();
        let (ran, steps) = scenario.run_counted(&orders);
        if steps < step {
            ran.succeeds();
            break;
        }
        let told = format!("{orders}: {}", ran.stderr);
        match ran.code {
            Some(0) => {
                scenario.witness.is_as_after(&scenario.archive(), &told);
                overcome += 1;
            }
            Some(5 | 8) => {
                scenario.witness.is_whole(&scenario.archive(), &told);
                scenario.ends_well_otherwise(&told);
            }
            code => panic!("{told}: {code:?}"),
        }
        tried += 1;
    }
    assert!(tried > 0, "nothing failed");
    tell(format_args!("{tried} operations failed one by one, {overcome} of them without any harm"));
}

fn says(ran: &Ran, words: &[&str]) -> bool {
    words.iter().all(|word| ran.stderr.contains(word))
}

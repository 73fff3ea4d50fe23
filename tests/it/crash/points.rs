//! The process ends instead of its k-th step, for every k until the run ends by itself.

use super::scenario::{Scenario, each_step};
use crate::support::asked::{every_step, tell};

#[test]
fn a_first_run_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::first_run(), 5);
}

#[test]
fn a_run_that_moves_swaps_and_replaces_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::changes(), 4);
}

#[test]
fn a_run_that_removes_and_purges_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::deletions(), 4);
}

#[test]
fn a_run_that_takes_in_exports_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::exports(), 3);
}

#[test]
fn the_run_after_a_stopped_one_that_took_in_exports_may_be_stopped_as_well() {
    try_twice(&Scenario::exports(), 7);
}

#[test]
fn an_undo_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::undo(), 3);
}

#[test]
fn a_run_that_makes_a_lost_index_anew_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::lost_index(), 4);
}

#[test]
fn the_run_after_a_stopped_one_may_be_stopped_as_well() {
    let scenario = Scenario::changes();
    try_twice(&scenario, 9);
}

#[test]
fn the_run_after_a_stopped_one_that_removed_may_be_stopped_as_well() {
    try_twice(&Scenario::deletions(), 9);
}

#[test]
fn the_run_that_records_what_a_stopped_one_had_placed_may_be_stopped_at_each_of_its_steps() {
    let scenario = Scenario::changes();
    let placed: Vec<u64> = each_step(2)
        .map_while(|step| {
            scenario.begin_again();
            let is_stopped = scenario.run(&format!("stop={step}")).code.is_none();
            is_stopped.then(|| (step, scenario.archive().is_landing()))
        })
        .filter_map(|(step, is_landing)| is_landing.then_some(step))
        .collect();
    // At the last of them all have their places, and nothing of it is recorded.
    let of = if every_step() { 1 } else { placed.len() };
    let mut tried = 0;
    for first in placed.iter().rev().step_by(of) {
        for again in 1..=SET_RIGHT {
            let told = format!("stop={first}, then stop={again}");
            scenario.begin_again();
            drop(scenario.run(&format!("stop={first}")));
            if scenario.run(&format!("stop={again}")).code.is_some() {
                break;
            }
            scenario.witness.is_whole(&scenario.archive(), &told);
            scenario.ends_well(&told);
            tried += 1;
        }
    }
    assert!(tried > 0, "nothing was stopped");
    tell(format_args!("{tried} crash points while files were recorded that had been placed"));
}

/// What a stopped run of these leaves is set right within so many steps.
const SET_RIGHT: u64 = 40;

#[track_caller]
fn try_each_step(scenario: &Scenario, of: usize) {
    let mut tried = 0;
    for step in each_step(of) {
        let told = format!("stop={step}");
        scenario.begin_again();
        let ran = scenario.run(&told);
        if ran.code.is_some() {
            ran.succeeds();
            break;
        }
        scenario.witness.is_whole(&scenario.archive(), &told);
        scenario.ends_well(&told);
        tried += 1;
    }
    assert!(tried > 0, "nothing was stopped");
    tell(format_args!("{tried} crash points"));
}

/// What is put right after a crash is put right in steps as well. The second crash is a
/// power cut, early in the run.
#[track_caller]
fn try_twice(scenario: &Scenario, of: usize) {
    let mut tried = 0;
    for step in each_step(of) {
        scenario.begin_again();
        if scenario.run(&format!("stop={step}")).code.is_some() {
            break;
        }
        let again = 1 + step * 5 % 23;
        let told = format!("stop={step}, then stop={again},lose");
        drop(scenario.run(&format!("stop={again},lose")));
        scenario.witness.is_whole(&scenario.archive(), &told);
        scenario.ends_well(&told);
        tried += 1;
    }
    assert!(tried > 0, "nothing was stopped");
    tell(format_args!("{tried} crash points, each with another in the run after it"));
}

//! As `points`, and what was not durable by then is lost: what each `fsync` is for.
//!
//! First all of it is lost. Then some of it, as a number decides: names survive and bytes
//! do not, names up to some moment, any of them in any order. Of states that come out
//! equal one is gone on from.

use std::collections::HashSet;

use super::scenario::{Scenario, each_step};
use crate::support::asked::{every_step, tell};

#[test]
fn the_power_may_go_at_each_step_of_a_first_run() {
    cut_each_step(&Scenario::first_run());
}

#[test]
fn the_power_may_go_at_each_step_of_a_run_that_moves_swaps_and_replaces() {
    cut_each_step(&Scenario::changes());
}

#[test]
fn the_power_may_go_at_each_step_of_a_run_that_removes_and_purges() {
    cut_each_step(&Scenario::deletions());
}

#[test]
fn power_may_be_lost_at_each_step_of_a_run_that_takes_in_exports() {
    cut_each_step(&Scenario::exports());
}

#[test]
fn the_power_may_go_at_each_step_of_an_undo() {
    cut_each_step(&Scenario::undo());
}

#[test]
fn the_power_may_go_at_each_step_of_a_run_that_makes_a_lost_index_anew() {
    cut_each_step(&Scenario::lost_index());
}

#[track_caller]
fn cut_each_step(scenario: &Scenario) {
    let (mut cuts, mut met) = (0, HashSet::new());
    for (step, lose) in each_step(6).flat_map(|step| losses(step).map(move |lose| (step, lose))) {
        let orders = format!("stop={step},{lose}");
        scenario.begin_again();
        let ran = scenario.run(&orders);
        if let Some(code) = ran.code {
            assert_eq!(code, 0, "{orders}: {}", ran.stderr);
            break;
        }
        cuts += 1;
        scenario.witness.is_whole(&scenario.archive(), &orders);
        if met.insert(scenario.archive().state()) {
            scenario.ends_well(&orders);
        }
    }
    assert!(cuts > 0, "nothing was cut");
    tell(format_args!("{cuts} power cuts, {} different states after them", met.len()));
}

/// What is lost at a step: all; in the long form, and now and then in the short one, some
/// of it, in ways of which the numbers go through all sorts.
fn losses(step: u64) -> impl Iterator<Item = String> {
    let ways = if every_step() { 6 } else { u64::from(step.is_multiple_of(5)) };
    let some = (0..ways).map(move |way| format!("lose={}", step * 7 + way));
    std::iter::once("lose".to_owned()).chain(some)
}

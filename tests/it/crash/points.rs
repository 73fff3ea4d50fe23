//! The process ends instead of its k-th step, for every k until the run ends by itself.

use super::scenario::Scenario;

#[test]
fn a_first_run_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::first_run());
}

#[test]
fn a_run_that_moves_swaps_and_replaces_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::changes());
}

#[test]
fn a_run_that_removes_and_purges_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::deletions());
}

#[test]
fn an_undo_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::undo());
}

#[test]
fn a_run_that_makes_a_lost_index_anew_may_be_stopped_at_each_of_its_steps() {
    try_each_step(&Scenario::lost_index());
}

#[track_caller]
fn try_each_step(scenario: &Scenario) {
    let mut tried = 0;
    for step in 1.. {
        scenario.begin_again();
        let ran = scenario.run(&format!("stop={step}"));
        if ran.code.is_some() {
            ran.succeeds();
            break;
        }
        let told = format!("stopped at step {step}");
        scenario.witness.is_whole(&scenario.archive(), &told);
        scenario.ends_well(&told);
        tried += 1;
    }
    assert!(tried > 0, "nothing was stopped");
    println!("{tried} crash points");
}

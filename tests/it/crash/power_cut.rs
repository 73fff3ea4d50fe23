//! As `points`, and what was not durable by then is lost: what each `fsync` is for.
//!
//! First all of it is lost. Then some of it, as a number decides: names survive and bytes
//! do not, names up to some moment, any of them in any order. Of states that come out
//! equal one is gone on from.

use std::collections::HashSet;

use super::scenario::Scenario;

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
    'steps: for step in 1_u64.. {
        for seed in [None].into_iter().chain((0..seeds()).map(|it| Some(it + step))) {
            let lose = seed.map_or("lose".to_owned(), |seed| format!("lose={seed}"));
            let orders = format!("stop={step},{lose}");
            scenario.begin_again();
            let ran = scenario.run(&orders);
            if let Some(code) = ran.code {
                assert_eq!(code, 0, "{orders}: {}", ran.stderr);
                break 'steps;
            }
            cuts += 1;
            scenario.witness.is_whole(&scenario.archive(), &orders);
            if met.insert(scenario.archive().state()) {
                scenario.ends_well(&orders);
            }
        }
    }
    assert!(cuts > 0, "nothing was cut");
    println!("{cuts} power cuts, {} different states after them", met.len());
}

/// In how many ways some of what is not durable is lost, at each step.
fn seeds() -> u64 {
    std::env::var("GPHOTOS_SYNC_CRASH_SEEDS").map_or(1, |seeds| seeds.parse().unwrap())
}

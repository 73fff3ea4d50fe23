//! What the person who runs the tests asks of them, and what they are told (`--nocapture`).

use std::fmt::Display;

/// The number in the environment variable `name`: of how much is tried, or which.
#[expect(clippy::disallowed_methods, reason = "how much is tried is for who runs the tests")]
pub fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}

/// Whether the crash tests are to try every step (`GPHOTOS_SYNC_CRASH=all`).
#[expect(clippy::disallowed_methods, reason = "how much is tried is for who runs the tests")]
pub fn every_step() -> bool {
    std::env::var("GPHOTOS_SYNC_CRASH").is_ok_and(|form| form == "all")
}

/// Says how much was tried.
#[expect(clippy::print_stdout, reason = "for whoever asks with --nocapture")]
pub fn tell(tried: impl Display) {
    println!("{tried}");
}

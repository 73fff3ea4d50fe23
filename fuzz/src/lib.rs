//! The fuzzer's own side: what counts as a finding, and how much memory one input may take.

pub mod checks;
mod memory;

use std::collections::BTreeSet;
use std::panic::{self, PanicHookInfo};
use std::sync::{Mutex, PoisonError};

pub use memory::bounded;

#[global_allocator]
static MEMORY: memory::Counting = memory::Counting;

/// To be called once, before the first input.
///
/// A panic in the code of a library that the program contains (`media` reads with three of
/// them, each behind `catch_unwind`) is no finding, and is told once. Any other ends the
/// process, whoever would have caught it, and so does one that nobody has caught.
pub fn prepare() {
    panic::set_hook(Box::new(|panic| {
        if checks::is_contained(panic) {
            tell_once(panic);
        } else {
            eprintln!("{panic}");
            std::process::abort();
        }
    }));
}

fn tell_once(panic: &PanicHookInfo<'_>) {
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.insert(place) {
        eprintln!("CONTAINED: {panic}");
    }
}

/// The most memory that one input may take. libFuzzer's inputs are small: what takes this
/// much multiplies what it is given.
pub const MEMORY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The check called `name`.
///
/// # Panics
///
/// If there is none.
#[must_use]
pub fn named(name: &str) -> checks::Check {
    let found = checks::ALL.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("there is no check {name}")).1
}

/// The whole of a target.
#[macro_export]
macro_rules! target {
    ($name:literal) => {
        libfuzzer_sys::fuzz_target!(init: $crate::prepare(), |bytes: &[u8]| {
            $crate::bounded($crate::MEMORY_BYTES_MAX, || $crate::named($name)(bytes));
        });
    };
}

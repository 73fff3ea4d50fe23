//! What must hold of any bytes at all. Each check panics where it does not.
//!
//! The fuzzer's targets call these, and so does `cargo test` (`tests/it/fuzz_corpus.rs`), which
//! takes this folder in as a module of its own: nothing here may need more than the program's
//! own dependencies.

mod listing;
mod manifest;
mod media;
mod names;
mod reader;

/// A check: it takes any bytes, and panics if what must hold does not.
pub type Check = fn(&[u8]);

/// All checks, each with the name of its target and of its folder in `fuzz/corpus`.
pub const ALL: &[(&str, Check)] = &[
    ("media", media::check),
    ("listing", listing::check),
    ("names", names::check),
    ("manifest", manifest::check),
];

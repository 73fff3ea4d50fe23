//! What must hold of any bytes at all. Each check panics where it does not.
//!
//! The fuzzer's targets call these, and so does `cargo test` (`tests/it/fuzz_corpus.rs`), which
//! takes this folder in as a module of its own: nothing here may need more than the program's
//! own dependencies.

use std::panic::PanicHookInfo;

mod belonging;
mod listing;
mod manifest;
mod media;
mod names;
mod reader;
mod takeout;

/// A check: it takes any bytes, and panics if what must hold does not.
pub type Check = fn(&[u8]);

/// All checks, each with the name of its target and of its folder in `fuzz/corpus`.
pub const ALL: &[(&str, Check)] = &[
    ("media", media::check),
    ("listing", listing::check),
    ("names", names::check),
    ("manifest", manifest::check),
    ("belonging", belonging::check),
    ("takeout", takeout::check),
];

/// Says whether a panic is one of a library's behind whose back `media` stands: it reads with
/// three of them, each behind `catch_unwind`. Any other is a finding, whoever catches it.
pub fn is_contained(panic: &PanicHookInfo<'_>) -> bool {
    let contained = ["/nom-exif-", "/kamadak-exif-", "/imagesize-", "/nom-", "/iso6709parse-"];
    let file = panic.location().map_or("", |place| place.file());
    contained.iter().any(|library| file.contains(library))
}

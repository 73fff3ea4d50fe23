//! The fuzzer's way (`fuzz/`) to what is read of a manifest. The program does not use it.

use super::line::{self, Line, Lines};

/// Reads a manifest, and writes what could be read of it as the program would. Returns that,
/// and how many lines there were.
#[must_use]
pub fn rewritten(manifest: &[u8]) -> (Vec<u8>, usize) {
    let mut lines = Lines::of(manifest);
    let (mut text, mut count) = (Vec::new(), 0);
    loop {
        let batch = lines.batch();
        if batch.is_empty() {
            return (text, count);
        }
        count += batch.len();
        for line in batch.iter().flatten() {
            text.extend(match line {
                Line::Held(it) => line::write(it),
                Line::Gone(key) => line::gone(key),
                Line::Owner(it) => line::owner(it),
            });
        }
    }
}

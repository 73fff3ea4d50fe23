//! The fuzzer's way (`fuzz/`) to how values are read out of columns. The program does not
//! use it.

use super::value;

/// Reads values as if they stood in columns, and says of each whether it could be read: a
/// path, a source, a time, an MD5 and a SHA-256.
#[must_use]
pub fn values(text: &str, number: i64, bytes: &[u8]) -> [bool; 5] {
    let bytes = || Some(bytes.to_owned());
    [
        value::path(text).is_ok(),
        value::source(text).is_ok(),
        value::time(number).is_ok(),
        value::md5(bytes()).is_ok(),
        value::sha256(bytes()).is_ok(),
    ]
}

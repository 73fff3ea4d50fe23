//! The program's own files, as another program, a bad disk or a person may have left them.

use chrono::NaiveDate;
use gphotos_sync::cli::fuzzed as cli;
use gphotos_sync::engine::fuzzed as engine;
use gphotos_sync::index::fuzzed as index;
use gphotos_sync::model::Cursor;
use gphotos_sync::source::photos::fuzzed as photos;

/// Reads `bytes` as a manifest, as settings and as values of the index.
pub fn check(bytes: &[u8]) {
    let (once, lines) = engine::rewritten(bytes);
    let ends = bytes.split(|byte| *byte == b'\n').count() - 1;
    assert!(lines == ends || lines == ends + 1, "{lines} lines with {ends} ends");
    assert_eq!(engine::rewritten(&once).0, once, "what was written reads otherwise");
    let text = String::from_utf8_lossy(bytes);
    if let Ok(options) = cli::config(&text) {
        assert!((1..=128).contains(&options.transfers));
    }
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let number = bytes.first_chunk().map_or(0, |bytes| i64::from_le_bytes(*bytes));
    let _ = index::values(first, number, bytes);
    cursors(first, rest);
}

fn cursors(one: &str, other: &str) {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let token = || Some("token".to_owned());
    for cursor in [
        Cursor::Changes { token: one.to_owned() },
        Cursor::Listing { page: Some(one.to_owned()), changes_from: other.to_owned() },
        Cursor::Listing { page: None, changes_from: one.to_owned() },
    ] {
        for next in [token(), None] {
            if let Some(cursor) = photos::going_on(&cursor, today, next) {
                let again = photos::going_on(&cursor, today, None);
                assert!(again.is_some(), "{cursor:?} is of our own making");
            }
        }
    }
}

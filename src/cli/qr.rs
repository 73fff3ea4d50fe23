//! A QR code of half-block characters, for whoever holds their phone before the terminal.
//!
//! Pure: whether there is a terminal, and how wide, is for the caller to know.

use qrcode::render::unicode::Dense1x2;
use qrcode::{EcLevel, QrCode};

/// Dark on light whatever the terminal's own colours are: many readers take nothing else.
const BLACK_ON_WHITE: &str = "\u{1b}[30;107m";
const AS_BEFORE: &str = "\u{1b}[0m";

/// Returns `text` as a QR code; `None` if it is too long for one, or the code too wide for
/// `columns`.
#[must_use]
pub fn picture(text: &str, columns: usize) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    // On either side there is a margin of four, without which it is not found.
    if code.width() + 8 > columns {
        return None;
    }
    let drawn = code.render::<Dense1x2>().build();
    let lines = drawn.lines().map(|line| format!("{BLACK_ON_WHITE}{line}{AS_BEFORE}"));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://photos.google.com/picker/0123456789abcdef/autoclose";

    #[test]
    fn a_code_is_as_wide_as_it_says_and_half_as_high() {
        let picture = picture(ADDRESS, 80).unwrap();
        let code = QrCode::with_error_correction_level(ADDRESS, EcLevel::L).unwrap();
        let width = code.width() + 8;
        let lines: Vec<_> = picture.lines().collect();
        assert_eq!(lines.len(), width.div_ceil(2));
        for line in lines {
            let line = line.strip_prefix(BLACK_ON_WHITE).unwrap().strip_suffix(AS_BEFORE).unwrap();
            assert_eq!(line.chars().count(), width);
            assert!(line.chars().all(|c| " ▀▄█".contains(c)), "{line}");
        }
    }

    #[test]
    fn where_it_finds_no_room_there_is_none() {
        let width = QrCode::with_error_correction_level(ADDRESS, EcLevel::L).unwrap().width() + 8;
        assert!(picture(ADDRESS, width).is_some());
        assert_eq!(picture(ADDRESS, width - 1), None);
        assert_eq!(picture(&"x".repeat(10_000), 1000), None);
    }
}

//! Names made safe to show.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns `text` as it may be written to a terminal, a log or a page: control
/// characters and those that turn the direction of text are escaped (`\u{1b}`).
///
/// Anybody can share a file with you whose name clears your screen.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_dangerous) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if is_dangerous(c) => {
                // Writing to a String cannot fail.
                let _: std::fmt::Result = write!(shown, "{}", c.escape_unicode());
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and the bidirectional controls of Unicode's UAX #9.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_on_a_terminal_is_escaped_and_the_rest_is_kept() {
        for (text, shown) in [
            ("Été à Zürich 🏖.jpg", "Été à Zürich 🏖.jpg"),
            ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("gpj\u{202e}exe", "gpj\\u{202e}exe"),
            ("\u{9b}31m\u{7f}", "\\u{9b}31m\\u{7f}"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }
}

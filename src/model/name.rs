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

/// Returns `json`, a text in JSON, with the same characters escaped as JSON has it
/// (`\u001b`): it says the same, and may be written to a terminal.
///
/// JSON itself demands that of few of them: not of C1, which some terminals act on.
#[must_use]
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if !json.chars().any(is_dangerous) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if is_dangerous(c) {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                // Writing to a String cannot fail.
                let _: std::fmt::Result = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, the bidirectional controls of Unicode's UAX #9, what ends a line
/// or a paragraph, and what is nothing but invisible: two names that look alike are told
/// apart. The joiners stay: Persian, Hindi and many an emoji are not written without.
fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        )
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
            ("a\u{2028}b\u{200b}\u{feff}", "a\\u{2028}b\\u{200b}\\u{feff}"),
            // Joiners join: "I want" in Persian, and a family.
            ("\u{645}\u{6cc}\u{200c}\u{62e}", "\u{645}\u{6cc}\u{200c}\u{62e}"),
            ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn json_says_the_same_when_it_is_made_safe_to_show() {
        let text = "a\u{9b}31m\u{202e}\u{7f}\u{2028}\u{feff}\n\\ é 🏖";
        let json = serde_json::to_string(text).unwrap();
        let shown = printable_json(&json);
        assert_eq!(shown, r#""a\u009b31m\u202e\u007f\u2028\ufeff\n\\ é 🏖""#);
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}

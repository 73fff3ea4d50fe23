//! Reads Google's JSON, also where a text in it is no Unicode.
//!
//! A file's name may hold half of a surrogate pair: whoever made it with a program that
//! counts in UTF-16 can cut an emoji in two. Written as `\ud83d` that is well-formed JSON
//! (RFC 8259, 8.2) which no Rust string can hold, and one such name must not cost the
//! thousand files of its page.

use std::borrow::Cow;

use serde::de::DeserializeOwned;

/// What a half pair is read as: U+FFFD, the replacement character.
const REPLACEMENT: &[u8; 4] = b"fffd";

/// Reads `text`.
///
/// # Errors
///
/// It is not JSON, or not of that shape.
pub(super) fn read<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    match serde_json::from_slice(text) {
        Err(error) if error.is_syntax() => match whole_pairs(text) {
            Cow::Owned(text) => serde_json::from_slice(&text),
            Cow::Borrowed(_) => Err(error),
        },
        read => read,
    }
}

/// `text` with every half pair replaced.
fn whole_pairs(text: &[u8]) -> Cow<'_, [u8]> {
    let mut whole = Cow::Borrowed(text);
    let mut at = 0;
    while at < text.len() {
        match (text[at], unit(text, at)) {
            (_, Some(0xd800..=0xdbff)) if matches!(unit(text, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12;
            }
            (_, Some(0xd800..=0xdfff)) => {
                whole.to_mut()[at + 2..at + 6].copy_from_slice(REPLACEMENT);
                at += 6;
            }
            // Whatever is escaped here begins no escape itself.
            (b'\\', _) => at += 2,
            _ => at += 1,
        }
    }
    whole
}

/// The unit of UTF-16 that is escaped at `at`.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|it| !it.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_half_pair_is_replaced_and_nothing_else_is_touched() {
        for (json, expected) in [
            (r#""a\ud83db""#, Some("a\u{fffd}b")),
            (r#""\udc00""#, Some("\u{fffd}")),
            (r#""\ud83d\ud83d\ude00""#, Some("\u{fffd}\u{1f600}")),
            (r#""\uDC00\uD83D""#, Some("\u{fffd}\u{fffd}")),
            (r#""\ud83d\ude00""#, Some("\u{1f600}")),
            (r#""\\ud83d\ud83d""#, Some("\\ud83d\u{fffd}")),
            (r#""\ud83d\n""#, Some("\u{fffd}\n")),
            (r#""\ud8"#, None),
            (r#""\ud83d"#, None),
            (r#""\u+83d\ud83d""#, None),
        ] {
            assert_eq!(read::<String>(json.as_bytes()).ok().as_deref(), expected, "{json}");
        }
    }

    proptest! {
        #[test]
        fn every_text_of_utf16_is_read_as_its_lossy_self(units: Vec<u16>) {
            let escaped: Vec<_> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let read: String = read(format!("\"{}\"", escaped.concat()).as_bytes()).unwrap();
            prop_assert_eq!(read, String::from_utf16_lossy(&units));
        }
    }
}

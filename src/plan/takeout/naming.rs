//! What Google makes of a title: the names of a media file and of its sidecar in an export.
//!
//! Lengths are in units of UTF-16, as Google counts them. The rules were found by comparing
//! exports with the titles in them; none is documented.

use std::borrow::Cow;

use icu_normalizer::ComposingNormalizerBorrowed as ComposingNormalizer;

use crate::model::{Media, kind_of};

/// The most that a media file's name has before its extension.
pub(super) const STEM_UNITS: usize = 47;

/// The most that a sidecar's name has before its number and `.json`.
pub(super) const SIDECAR_UNITS: usize = 46;

/// What stands between the title and `.json` since autumn 2024, as far as there is room.
const SUFFIX: &str = "supplemental-metadata";

/// How names are spelt for a comparison.
pub(super) type Spelling = fn(&str) -> Cow<'_, str>;

/// The text in composed characters: the same names come in both forms.
pub(super) fn nfc(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    ComposingNormalizer::new_nfc().normalize(text)
}

/// As a file of an export can be called: what is forbidden becomes `_`.
pub(super) fn as_google_spells(text: &str) -> Cow<'_, str> {
    let is_forbidden = |c: char| r#"&?'/\:*"<>|%"#.contains(c) || c.is_control();
    if text.contains(is_forbidden) {
        return Cow::Owned(text.replace(is_forbidden, "_"));
    }
    Cow::Borrowed(text)
}

/// As [`as_google_spells`], and with `_` for whatever else may have become one, on both sides
/// of the comparison; a blank or a dot at the end may be lost.
pub(super) fn roughly(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| c.is_alphanumeric() || "._-() ~".contains(c) || c > '\u{ffff}';
    Cow::Owned(nfc(text.trim_end_matches([' ', '.'])).replace(|c: char| !is_plain(c), "_"))
}

/// Splits a name before the last dot.
pub(super) fn split(name: &str) -> (&str, &str) {
    name.rfind('.').map_or((name, ""), |dot| name.split_at(dot))
}

/// What sort of media a name is of; `Other` also where it has no extension.
pub(super) fn kind(name: &str) -> Media {
    kind_of("", name)
}

/// Whether a Pixel gives `extension` to the film of a motion photo: `.MP`, and of a second
/// version `.MP~2`.
fn is_motion(extension: &str) -> bool {
    let version = extension.strip_prefix(".MP");
    let is_number = |it: &str| it.bytes().all(|it| it.is_ascii_digit());
    version.is_some_and(|it| it.is_empty() || it.strip_prefix('~').is_some_and(is_number))
}

/// Splits off the number that Google puts at the end of a name: `IMG(1)`.
pub(super) fn split_number(text: &str) -> Option<(&str, u32)> {
    let (before, digits) = text.strip_suffix(')')?.rsplit_once('(')?;
    let is_number = (1..=9).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|it| it.is_ascii_digit());
    let number = is_number.then(|| digits.parse().ok()).flatten()?;
    (!before.is_empty()).then_some((before, number))
}

/// `stem`, with `(number)` if there is one, and then `extension`.
pub(super) fn with_number(stem: &str, number: Option<u32>, extension: &str) -> String {
    match number {
        Some(number) => format!("{stem}({number}){extension}"),
        None => format!("{stem}{extension}"),
    }
}

pub(super) fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// The first `most` units of `text`. A character of two units that lies across the end is not
/// split: it stays or it goes, and both are returned, in this order.
pub(super) fn cuts(text: &str, most: usize) -> impl Iterator<Item = &str> {
    let mut units = 0;
    let over = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    let shorter = over.map_or(text.len(), |(at, _)| at);
    // Only one that began before the end lies across it.
    let across = over.filter(|(_, c)| units - c.len_utf16() < most);
    let longer = across.map(|(at, c)| at + c.len_utf8());
    longer.into_iter().chain([shorter]).map(|end| &text[..end])
}

/// What Google makes of one title under one spelling.
pub(super) struct Named {
    /// The title as it is spelt.
    title: String,
    /// The stems that the media file may have, without a number; the likeliest first.
    pub stems: Vec<String>,
    /// Its extension, with the dot.
    pub extension: String,
    /// The stems it may have if the title is one without an extension.
    pub bare: Vec<String>,
}

impl Named {
    /// Of a title that is not empty.
    pub fn new(title: &str, spelling: Spelling) -> Self {
        let title = spelling(title).into_owned();
        let (stem, extension) = split(&title);
        let composed = nfc(&title);
        // Here a character that lies across the end is known to stay.
        let cut = |stem| cuts(stem, STEM_UNITS).next().map(|it| nfc(it).into_owned());
        let stems = [stem, split(&composed).0].into_iter().filter_map(cut);
        let is_bare = kind(&title) == Media::Other && !is_motion(extension);
        let bare = [&*title, &*composed].into_iter().filter_map(cut).filter(|_| is_bare);
        Self {
            stems: distinct(stems),
            extension: nfc(extension).into_owned(),
            bare: distinct(bare),
            title,
        }
    }

    /// Whether its sidecar's name is cut, so that other titles may have the same.
    pub fn is_cut(&self) -> bool {
        units(&self.title) >= SIDECAR_UNITS
    }

    /// Says whether a sidecar for it may be called `base`, without number and `.json`.
    pub fn has_sidecar(&self, base: &str) -> bool {
        let composed = nfc(&self.title);
        if let Some(rest) = base.strip_prefix(&*composed) {
            return rest.is_empty() || is_suffix(rest);
        }
        let whole = [&*self.title, &*composed].map(|title| format!("{title}.{SUFFIX}"));
        self.is_cut() && whole.iter().any(|it| cuts(it, SIDECAR_UNITS).any(|cut| nfc(cut) == base))
    }
}

fn distinct(all: impl Iterator<Item = String>) -> Vec<String> {
    let mut found = Vec::new();
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

/// Whether `text` is `.supplemental-metadata` or a beginning of it.
fn is_suffix(text: &str) -> bool {
    text.strip_prefix('.').is_some_and(|rest| SUFFIX.starts_with(rest))
}

/// Returns a sidecar's name without the suffix, if it has it or a beginning of it.
pub(super) fn without_suffix(base: &str) -> Option<&str> {
    let (before, suffix) = split(base);
    (is_suffix(suffix) && !before.is_empty()).then_some(before)
}

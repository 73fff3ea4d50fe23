//! The names of edited copies: what Google and its apps put behind an original's name, in the
//! languages in which it has been seen.

use super::naming::{STEM_UNITS, split_number, units, with_number};

/// What is put between a name and its extension, in lower case.
const SUFFIXES: [&str; 23] = [
    "-edited",
    "-bearbeitet",
    "-bewerkt",
    "-modifié",
    "-modificato",
    "-editado",
    "-editada",
    "-editat",
    "-ha editado",
    "-edytowane",
    "-отредактировано",
    "-編集済み",
    "-编辑",
    "-已編輯",
    "-편집됨",
    "-muokattu",
    "-redigeret",
    "-redigert",
    "-redigerad",
    // These are English in every language.
    "-effects",
    "-motion",
    "-animation",
    "-smile",
];

/// The same of what is made of several pictures.
const MADE: [&str; 3] = ["-collage", "-mix", "-pano"];

/// The most characters that a suffix has.
const CHARACTERS_MAX: usize = 16;

/// What an edited copy may have been made of.
pub(super) struct Original {
    /// The original's name without its extension.
    pub stem: String,
    /// What the copy has behind it.
    pub suffix: String,
}

/// Returns what the file of the name `stem`, without its extension, may be an edited copy of.
///
/// Of a name that is as long as Google lets it be, the suffix may be cut.
pub(super) fn originals(stem: &str) -> Vec<Original> {
    let numbered = split_number(stem).map(|(stem, number)| (stem, Some(number)));
    let readings = [(stem, None)].into_iter().chain(numbered);
    readings.flat_map(|(stem, number)| of_reading(stem, number)).collect()
}

fn of_reading(stem: &str, number: Option<u32>) -> Vec<Original> {
    let may_be_cut = (STEM_UNITS..=STEM_UNITS + 1).contains(&units(stem));
    let ends =
        stem.char_indices().rev().take(CHARACTERS_MAX).filter(|(at, c)| *c == '-' && *at > 0);
    let ends = ends.filter(|(at, _)| is_suffix(&stem[*at..], may_be_cut));
    let original = |(at, _): (usize, char)| Original {
        stem: with_number(&stem[..at], number, ""),
        suffix: stem[at..].to_owned(),
    };
    ends.map(original).collect()
}

fn is_suffix(text: &str, may_be_cut: bool) -> bool {
    let text = text.to_lowercase();
    let all = || SUFFIXES.iter().chain(&MADE);
    let is_beginning = || units(&text) > 1 && all().any(|it| it.starts_with(&*text));
    all().any(|it| **it == text) || (may_be_cut && is_beginning())
}

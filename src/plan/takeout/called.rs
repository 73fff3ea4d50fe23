//! What a media file shall be called: its title, which the export may have cut and changed.

use super::edited::originals;
use super::folder::{Medium, Sidecar};
use super::naming::{kind, split, split_number};
use crate::model::{MatchRule, Media};

/// Returns what `medium` shall be called, which `rule` has given `sidecar`.
///
/// It is the sidecar's title. One without an extension gets the file's, and one with that of
/// another format the file's instead. Edited copies and moving halves are called after their
/// originals. Where the title cannot be meant, it is the file's name without Google's number.
pub(super) fn called(medium: &Medium<'_>, sidecar: &Sidecar<'_>, rule: MatchRule) -> String {
    let title = sidecar.title;
    let is_told = sidecar.told.is_some();
    match rule {
        MatchRule::TakeoutEdited | MatchRule::TakeoutLive if !is_told => medium.written.to_owned(),
        MatchRule::TakeoutEdited => {
            let suffix = originals(medium.stem()).pop().map(|it| it.suffix).unwrap_or_default();
            format!("{}{suffix}{}", stem(title), medium.extension())
        }
        MatchRule::TakeoutLive if kind(&medium.name) == Media::Other => stem(title).to_owned(),
        MatchRule::TakeoutLive => format!("{}{}", stem(title), medium.extension()),
        _ if is_told || may_be_meant(title, medium) => with_extension_of(title, medium),
        _ if split_number(&sidecar.base).is_some() => unnumbered(medium.written),
        _ => medium.written.to_owned(),
    }
}

/// Whether a title that the sidecar is not named after may still be the file's.
fn may_be_meant(title: &str, medium: &Medium<'_>) -> bool {
    let kind_of_title = kind(title);
    !title.is_empty() && (kind_of_title == Media::Other || kind_of_title == kind(&medium.name))
}

fn with_extension_of(title: &str, medium: &Medium<'_>) -> String {
    let extension = medium.extension();
    if split(title).1.eq_ignore_ascii_case(extension) {
        return title.to_owned();
    }
    format!("{}{extension}", stem(title))
}

/// The title without its extension, if it has one.
fn stem(title: &str) -> &str {
    if kind(title) == Media::Other { title } else { split(title).0 }
}

fn unnumbered(name: &str) -> String {
    let (stem, extension) = split(name);
    format!("{}{extension}", split_number(stem).map_or(stem, |(stem, _)| stem))
}

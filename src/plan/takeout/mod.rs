//! The decisions on Google Takeout's exports: which part a name tells, which sidecar belongs to
//! which media file, and what date a name gives. Pure: how an export is read is no matter here.
//!
//! A sidecar is found by its title first: Google makes a file's name of it by rules that are
//! known (`naming`), so the file of that name, and only that, is it. What this leaves is
//! matched by names, rule by rule, and at last copies and halves have their originals'
//! sidecars. Each rule needs a file and a sidecar that fit each other and nothing else; none
//! goes by how much of two names is alike.

mod by_name;
mod by_title;
mod called;
mod contest;
mod date;
mod edited;
mod folder;
mod inherit;
mod join;
mod naming;
mod numbers;
mod part;
mod year;

pub use date::date_in_name;
pub use part::{is_takeout_part, missing_parts, part_name, parts_to_read};
pub use year::year_folder;

use crate::model::MatchRule;
use folder::{Folder, Medium};

/// A sidecar that lies in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside<'a> {
    /// Its row in the index.
    pub row: i64,
    /// Its file name: `IMG.jpg.supplemental-metadata(1).json`.
    pub name: &'a str,
    /// The title that it tells; empty if none.
    pub title: &'a str,
    /// The address in Photos that it tells; empty if none.
    pub url: &'a str,
}

/// A picture or a film that lies in the folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaFile<'a> {
    /// Its row in the index.
    pub row: i64,
    /// Its file name: `IMG(1).jpg`.
    pub name: &'a str,
}

/// A media file and the sidecar that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Matched {
    /// The media file's row.
    pub media: i64,
    /// The sidecar's row.
    pub sidecar: i64,
    /// How that is known.
    pub rule: MatchRule,
    /// What the media file shall be called; not yet cleaned for a disk.
    pub title: String,
    /// Whether the sidecar is another file's, from which this one was made.
    pub is_variant: bool,
}

/// Returns which sidecar belongs to which media file, sorted by the media files' rows; those
/// that are not named have none.
///
/// `sidecars` and `media` are all those of one folder of one export, of all parts together, in
/// any order. A media file of one name in two parts is one file here, and both rows get its
/// sidecar. It takes as long as there are names, whatever they have in common.
#[must_use]
pub fn match_folder(sidecars: &[Beside<'_>], media: &[MediaFile<'_>]) -> Vec<Matched> {
    let mut folder = Folder::new(sidecars, media);
    let numbers = numbers::decide(&folder);
    by_title::by_title(&mut folder, &numbers);
    by_name::by_name(&mut folder);
    inherit::inherit(&mut folder, &numbers);
    let found = folder.media.iter().zip(&folder.found);
    let found = found.filter_map(|(it, found)| Some((it, (*found)?)));
    let mut all: Vec<_> = found.flat_map(|(it, found)| matched(&folder, it, found)).collect();
    all.sort_unstable();
    all
}

fn matched(
    folder: &Folder<'_>,
    medium: &Medium<'_>,
    (sidecar, rule): (usize, MatchRule),
) -> impl Iterator<Item = Matched> {
    let sidecar = &folder.sidecars[sidecar];
    let title = called::called(medium, sidecar, rule);
    let is_variant = matches!(
        rule,
        MatchRule::TakeoutShared | MatchRule::TakeoutEdited | MatchRule::TakeoutLive
    );
    medium.rows.iter().map(move |media| Matched {
        media: *media,
        sidecar: sidecar.row,
        rule,
        title: title.clone(),
        is_variant,
    })
}

#[cfg(test)]
mod tests;

//! Which media files may be those of titles without an extension, and of others as well.
//!
//! The title `a` may have made any `a.*`, also that of the title `a.jpg`, whose own file may
//! then be `a(1).jpg`. Where numbers do not settle that, all files of the stem are left alone.

use std::collections::{HashMap, HashSet};

use super::by_title::{names, spelt};
use super::folder::{Folder, Medium, Told};
use super::naming::{kind, split_number};
use super::numbers::Number;
use crate::model::Media;

/// All that one stem may have to do with, before numbers.
#[derive(Default)]
struct Family {
    /// The numbers of the sidecars whose titles have no extension.
    bare: Vec<Number>,
    /// Those of the others.
    whole: Vec<Number>,
    /// The media files and their numbers.
    media: Vec<(usize, Number)>,
}

/// Returns the media files of which it cannot be told whose they are.
///
/// `stem` gives a media file's stem as it is spelt for the sidecars of `is_rough`.
pub(super) fn contested(
    folder: &Folder<'_>,
    is_rough: bool,
    stem: impl Fn(&Medium<'_>) -> Option<String>,
) -> Vec<usize> {
    let mut families = of_bare_titles(folder, is_rough);
    if families.is_empty() {
        return Vec::new();
    }
    for (i, it) in folder.media_left() {
        let Some(stem) = stem(it) else { continue };
        let numbered = split_number(&stem).map(|(stem, number)| (stem, Some(number)));
        for (stem, number) in [(stem.as_str(), None)].into_iter().chain(numbered) {
            if let Some(family) = families.get_mut(stem) {
                family.media.push((i, number));
            }
        }
    }
    let unsettled = families.into_values().filter(|family| !family.is_settled());
    unsettled.flat_map(|family| family.media).map(|(medium, _)| medium).collect()
}

fn of_bare_titles(folder: &Folder<'_>, is_rough: bool) -> HashMap<String, Family> {
    let told = || {
        let told = folder.sidecars_left().filter_map(|(_, it)| it.told.as_ref());
        told.filter(|told| told.is_rough == is_rough)
    };
    // A title of which there is a file without an extension means that.
    let as_they_are = folder.media_left().filter(|(_, it)| kind(&it.name) == Media::Other);
    let as_they_are: HashSet<_> =
        as_they_are.map(|(_, it)| spelt(&it.name, is_rough).into_owned()).collect();
    let is_bare = |it: &Told| !names(it, it.number).iter().any(|name| as_they_are.contains(name));
    let mut families: HashMap<String, Family> = HashMap::new();
    for it in told().filter(|it| is_bare(it)) {
        for stem in &it.named.bare {
            families.entry(stem.clone()).or_default().bare.push(it.number);
        }
    }
    for it in told().filter(|it| it.named.bare.is_empty()) {
        for stem in &it.named.stems {
            if let Some(family) = families.get_mut(stem) {
                family.whole.push(it.number);
            }
        }
    }
    families
}

impl Family {
    fn is_settled(&self) -> bool {
        let mut of_sidecars: Vec<_> = self.bare.iter().chain(&self.whole).copied().collect();
        let mut of_media: Vec<_> = self.media.iter().map(|(_, number)| *number).collect();
        of_sidecars.sort_unstable();
        of_media.sort_unstable();
        match (self.bare.len(), self.whole.len()) {
            (1, 0) => true,
            // All count together, one by one.
            (_, 0) => of_sidecars == of_media && of_media.windows(2).all(|it| it[0] != it[1]),
            _ => {
                let mut numbers = of_sidecars.iter().chain(&of_media);
                numbers.all(Option::is_none) && of_sidecars.len() <= of_media.len()
            }
        }
    }
}

//! The rules that go by the sidecar's title, which its own name must bear out: the media file
//! is the one that has the name which Google makes of that title.

use std::borrow::Cow;
use std::collections::HashMap;

use super::contest::contested;
use super::folder::{Folder, Medium, Told};
use super::join::{Key, join};
use super::naming::{kind, roughly, split, with_number};
use super::numbers::Number;
use crate::model::{MatchRule, Media};

/// The number of each sidecar's media file, as `numbers` has decided.
type Numbers = HashMap<usize, Number>;

/// What a title and a number make.
type KeysOfTold = fn(&Told, Number) -> Vec<String>;

/// Matches by titles, exactly first.
pub(super) fn by_title(folder: &mut Folder<'_>, numbers: &Numbers) {
    for is_rough in [false, true] {
        let stem = |it: &Medium<'_>| {
            let is_media = kind(&it.name) != Media::Other;
            is_media.then(|| split(&spelt(&it.name, is_rough)).0.to_owned())
        };
        for medium in contested(folder, is_rough, stem) {
            folder.contested[medium] = true;
        }
        let exact = join(
            &sidecars(folder, numbers, (is_rough, names)),
            &media(folder, |it| Some(spelt(&it.name, is_rough).into_owned())),
        );
        let rule = if is_rough { MatchRule::TakeoutTitleOdd } else { MatchRule::TakeoutTitle };
        folder.pair(exact, rule);
        let bare = join(&sidecars(folder, numbers, (is_rough, bare_stems)), &media(folder, stem));
        folder.pair(bare, MatchRule::TakeoutTitleBare);
    }
    let converted = join(&sidecars_of_converted(folder, numbers), &media_of_converted(folder));
    folder.pair(converted, MatchRule::TakeoutTitleConverted);
}

/// The names that Google may have given to the media file of a title.
pub(super) fn names(told: &Told, number: Number) -> Vec<String> {
    let named = &told.named;
    named.stems.iter().map(|stem| with_number(stem, number, &named.extension)).collect()
}

/// The same of a title without an extension, without that of the file.
pub(super) fn bare_stems(told: &Told, number: Number) -> Vec<String> {
    told.named.bare.iter().map(|stem| with_number(stem, number, "")).collect()
}

/// A name as titles of that spelling are spelt.
pub(super) fn spelt(name: &str, is_rough: bool) -> Cow<'_, str> {
    if is_rough { roughly(name) } else { Cow::Borrowed(name) }
}

/// The keys of the sidecars that are left and whose titles are of that spelling.
fn sidecars(
    folder: &Folder<'_>,
    numbers: &Numbers,
    (is_rough, keys): (bool, KeysOfTold),
) -> Vec<Key> {
    let told = folder.sidecars_left().filter_map(|(i, it)| {
        let told = it.told.as_ref().filter(|told| told.is_rough == is_rough)?;
        Some((i, keys(told, *numbers.get(&i)?)))
    });
    told.flat_map(|(i, keys)| keys.into_iter().map(move |key| (key, i))).collect()
}

fn media(folder: &Folder<'_>, key: impl Fn(&Medium<'_>) -> Option<String>) -> Vec<Key> {
    folder.media_left().filter_map(|(i, it)| Some((key(it)?, i))).collect()
}

/// Of a title with an extension, the stem with what it was or may have been turned into.
fn sidecars_of_converted(folder: &Folder<'_>, numbers: &Numbers) -> Vec<Key> {
    let mut keys = Vec::new();
    for (i, it) in folder.sidecars_left() {
        let (Some(told), Some(number)) = (&it.told, numbers.get(&i)) else { continue };
        let forms = [Some(told.named.extension.to_lowercase()), target(it.title)];
        for stem in &told.named.stems {
            let stem = with_number(stem, *number, "");
            keys.extend(forms.iter().flatten().map(|form| (format!("{stem}/{form}"), i)));
        }
    }
    keys
}

fn media_of_converted(folder: &Folder<'_>) -> Vec<Key> {
    let mut keys = Vec::new();
    for (i, it) in folder.media_left() {
        let extension = it.extension().to_lowercase();
        let is_target = matches!(extension.as_str(), ".jpg" | ".jpeg" | ".mp4");
        let forms = [Some(extension), target(&it.name).filter(|_| is_target)];
        keys.extend(forms.iter().flatten().map(|form| (format!("{}/{form}", it.stem()), i)));
    }
    keys
}

/// What Google turns media of that name into.
fn target(name: &str) -> Option<String> {
    match kind(name) {
        Media::Picture => Some("picture".to_owned()),
        Media::Video => Some("video".to_owned()),
        Media::Other => None,
    }
}

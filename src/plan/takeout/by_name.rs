//! The rules for sidecars whose titles are empty, or are not what they are named after: names
//! alone are compared, one sidecar with one media file.

use super::folder::{Folder, Sidecar};
use super::join::{Key, join};
use super::naming::{
    SIDECAR_UNITS, cuts, kind, nfc, split, split_number, units, with_number, without_suffix,
};
use crate::model::{MatchRule, Media};

/// What a sidecar's name may stand for under a rule.
type Keys = fn(&Sidecar<'_>) -> Vec<String>;

/// The rules under which a sidecar's name says the whole name of its media file.
const WHOLE: [(MatchRule, Keys); 3] = [
    (MatchRule::TakeoutName, plain),
    (MatchRule::TakeoutSuffix, suffix),
    (MatchRule::TakeoutNumber, number),
];

/// Matches by names.
pub(super) fn by_name(folder: &mut Folder<'_>) {
    let names: Vec<Key> = folder.media_left().map(|(i, it)| (it.name.clone(), i)).collect();
    // All at once: where two rules give one file to two sidecars, neither may have it.
    let joined = join(&keys(folder, whole), &names);
    let rules: Vec<_> = joined.pairs.iter().map(|pair| rule_of(folder, *pair)).collect();
    folder.pair_each(joined, |i| rules[i]);
    let pairs = join(&keys(folder, cut), &media_of_cut(folder));
    folder.pair(pairs, MatchRule::TakeoutCut);
    let pairs = join(&keys(folder, bare), &media_of_bare(folder));
    folder.pair(pairs, MatchRule::TakeoutBare);
}

/// The first rule under which the sidecar's name stands for the media file's.
fn rule_of(folder: &Folder<'_>, (sidecar, medium): (usize, usize)) -> MatchRule {
    let name = &folder.media[medium].name;
    let says = |keys: Keys| keys(&folder.sidecars[sidecar]).contains(name);
    let rule = WHOLE.iter().find(|(_, keys)| says(*keys));
    rule.map_or(MatchRule::TakeoutName, |(rule, _)| *rule)
}

/// All names that a sidecar's name can stand for.
pub(super) fn whole(sidecar: &Sidecar<'_>) -> Vec<String> {
    WHOLE.iter().flat_map(|(_, keys)| keys(sidecar)).collect()
}

fn keys(folder: &Folder<'_>, keys: Keys) -> Vec<Key> {
    let untold = folder.sidecars_left().filter(|(_, it)| it.told.is_none());
    untold.flat_map(|(i, it)| keys(it).into_iter().map(move |key| (key, i))).collect()
}

/// `IMG.jpg.json` is of `IMG.jpg`.
fn plain(sidecar: &Sidecar<'_>) -> Vec<String> {
    vec![sidecar.base.clone()]
}

/// `IMG.jpg.supplemental-me.json` is of `IMG.jpg`.
fn suffix(sidecar: &Sidecar<'_>) -> Vec<String> {
    without_suffix(&sidecar.base).map(str::to_owned).into_iter().collect()
}

/// `IMG.jpg(1).json` and `IMG.jpg.supplemental-metadata(1).json` are of `IMG(1).jpg`.
fn number(sidecar: &Sidecar<'_>) -> Vec<String> {
    let ends = [Some(sidecar.base.as_str()), without_suffix(&sidecar.base)];
    let numbered = ends.into_iter().flatten().filter_map(split_number);
    let names = numbered.flat_map(|(base, number)| {
        let bases = [Some(base), without_suffix(base)].into_iter().flatten();
        bases.map(move |base| {
            let (stem, extension) = split(base);
            with_number(stem, Some(number), extension)
        })
    });
    names.collect()
}

/// A name of as many units as Google lets it have is the beginning of the media file's.
fn cut(sidecar: &Sidecar<'_>) -> Vec<String> {
    let is_full = |base: &str| (SIDECAR_UNITS - 1..=SIDECAR_UNITS + 1).contains(&units(base));
    let readings = sidecar.readings().filter(|(base, _)| is_full(base));
    readings.map(|(base, number)| with_number(base, number, "")).collect()
}

fn media_of_cut(folder: &Folder<'_>) -> Vec<Key> {
    let mut keys = Vec::new();
    for (i, it) in folder.media_left() {
        let (stem, extension) = split(&it.name);
        let numbered = split_number(stem);
        // Behind what is cut a number can only be Google's.
        let is_google_s = numbered.is_some_and(|(stem, _)| units(stem) >= SIDECAR_UNITS);
        let whole = (!is_google_s).then(|| (it.name.clone(), None));
        let numbered = numbered.map(|(stem, n)| (format!("{stem}{extension}"), Some(n)));
        for (name, number) in whole.into_iter().chain(numbered) {
            let is_longer = units(&name) > SIDECAR_UNITS;
            for beginning in cuts(&name, SIDECAR_UNITS).filter(|_| is_longer) {
                keys.push((with_number(&nfc(beginning), number, ""), i));
            }
        }
    }
    keys
}

/// `Peanut Butter Balls.json` is of `Peanut Butter Balls.jpg`.
fn bare(sidecar: &Sidecar<'_>) -> Vec<String> {
    let named = sidecar.readings().flat_map(|(base, number)| {
        let bases = [Some(base), without_suffix(base)].into_iter().flatten();
        bases.map(move |base| (base, number))
    });
    let named = named.filter(|(base, _)| kind(base) == Media::Other);
    named.map(|(base, number)| with_number(base, number, "")).collect()
}

fn media_of_bare(folder: &Folder<'_>) -> Vec<Key> {
    let media = folder.media_left().filter(|(_, it)| kind(&it.name) != Media::Other);
    media.map(|(i, it)| (it.stem().to_owned(), i)).collect()
}

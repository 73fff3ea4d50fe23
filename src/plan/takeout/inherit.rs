//! Media files without a sidecar of their own, which have that of the file they were made of:
//! edited copies, the moving halves of live and motion photos, and those whose names Google
//! has cut to one.

use std::collections::{HashMap, HashSet};

use super::by_name::whole;
use super::by_title::{bare_stems, names};
use super::edited::originals;
use super::folder::{Folder, Medium};
use super::join::{Keyed, Slot};
use super::naming::{SIDECAR_UNITS, STEM_UNITS, kind, split, split_number, units, with_number};
use super::numbers::Number;
use crate::model::{MatchRule, Media};

/// A whole name, or a name without its extension with the sort of media it is.
type Key = (String, Option<Media>);

/// Has media files inherit.
pub(super) fn inherit(folder: &mut Folder<'_>, numbers: &HashMap<usize, Number>) {
    for (rule, of) in [
        (MatchRule::TakeoutShared, shared as fn(&Folder<'_>, &Keyed<Key>) -> Vec<_>),
        (MatchRule::TakeoutLive, live),
        (MatchRule::TakeoutEdited, edited),
        // Edited ones have moving halves as well.
        (MatchRule::TakeoutLive, live),
    ] {
        let known = known(folder, numbers);
        let heirs = of(folder, &known);
        folder.inherit(heirs, rule);
    }
}

/// Which sidecar each name has, also names of media that are in no part that is there.
fn known(folder: &Folder<'_>, numbers: &HashMap<usize, Number>) -> Keyed<Key> {
    let there = folder.media.iter().zip(&folder.found).flat_map(|(it, found)| {
        // What has none may be anybody's.
        let slot = found.map_or(Slot::Many, |(sidecar, _)| Slot::One(sidecar));
        both(&it.name).map(|key| (key, slot))
    });
    let names_there: HashSet<&str> = folder.media.iter().map(|it| it.name.as_str()).collect();
    let elsewhere = folder.sidecars_left().flat_map(|(i, it)| {
        let mut keys = Vec::new();
        if let (Some(told), Some(number)) = (&it.told, numbers.get(&i)) {
            keys.extend(names(told, *number).iter().flat_map(|name| both(name)));
            let kinds = [Media::Picture, Media::Video].map(Some);
            let bare = bare_stems(told, *number).into_iter();
            keys.extend(bare.flat_map(|stem| kinds.map(|kind| (stem.clone(), kind))));
        } else if it.told.is_none() {
            keys.extend(whole(it).iter().flat_map(|name| both(name)));
        }
        keys.into_iter().map(move |key| (key, Slot::One(i)))
    });
    let is_elsewhere = |(key, _): &(Key, Slot)| key.1.is_some() || !names_there.contains(&*key.0);
    Keyed::new(there.chain(elsewhere.filter(is_elsewhere)))
}

fn both(name: &str) -> [Key; 2] {
    [(name.to_owned(), None), (split(name).0.to_owned(), Some(kind(name)))]
}

/// `original_…_P(1).jpg` has the sidecar of `original_…_P.jpg`: one was written for both.
fn shared(folder: &Folder<'_>, known: &Keyed<Key>) -> Vec<(usize, usize)> {
    let bases: HashSet<&str> = folder.sidecars.iter().map(|it| it.base.as_str()).collect();
    let heir = |(i, it): (usize, &Medium<'_>)| {
        let (stem, number) = split_number(it.stem())?;
        let first = (format!("{stem}{}", it.extension()), None);
        let sidecar = known.get(&first).filter(|_| units(stem) >= STEM_UNITS)?.one()?;
        let base = &folder.sidecars[sidecar].base;
        let is_cut = units(base) + 1 >= SIDECAR_UNITS;
        let is_only = !bases.contains(with_number(base, Some(number), "").as_str());
        (is_cut && is_only).then_some((sidecar, i))
    };
    folder.media_left().filter_map(heir).collect()
}

/// `IMG_1.MOV` has the sidecar of `IMG_1.HEIC`, `PXL_1.MP` that of `PXL_1.MP.jpg` and `MVIMG_1`
/// that of `MVIMG_1.jpg`.
fn live(folder: &Folder<'_>, known: &Keyed<Key>) -> Vec<(usize, usize)> {
    let heir = |(i, it): (usize, &Medium<'_>)| {
        let stills = match kind(&it.name) {
            Media::Picture => return None,
            Media::Video => vec![it.stem().to_owned()],
            Media::Other => {
                let numbered = split_number(it.stem());
                let before =
                    |(stem, n)| with_number(&format!("{stem}{}", it.extension()), Some(n), "");
                [it.name.clone()].into_iter().chain(numbered.map(before)).collect()
            }
        };
        let still = known.of_all(stills.into_iter().map(|it| (it, Some(Media::Picture))));
        Some((still?.one()?, i))
    };
    folder.media_left().filter_map(heir).collect()
}

/// `IMG-edited(1).jpg` has the sidecar of `IMG(1).jpg`, or of the only picture `IMG(1)`.
fn edited(folder: &Folder<'_>, known: &Keyed<Key>) -> Vec<(usize, usize)> {
    let heir = |(i, it): (usize, &Medium<'_>)| {
        let originals = originals(it.stem());
        let sidecars = originals.into_iter().filter_map(|original| {
            let whole = (format!("{}{}", original.stem, it.extension()), None);
            let stem = (original.stem, Some(kind(&it.name)));
            known.get(&whole).or_else(|| known.get(&stem))
        });
        let sidecar = sidecars.reduce(Slot::and)?;
        Some((sidecar.one()?, i))
    };
    folder.media_left().filter_map(heir).collect()
}

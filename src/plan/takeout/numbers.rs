//! Which number a media file has whose sidecar has a given one.
//!
//! They are the same, but where Google has cut titles that differ to one sidecar name: these
//! sidecars are numbered although their media files may need no numbers. Both ways are tried
//! with all sidecars of such a name together, and only a way that explains all is taken.

use std::collections::{HashMap, HashSet};

use super::folder::{Folder, Told};
use super::naming::{Named, roughly, with_number};

/// A number that Google has put into a name, if it has.
pub(super) type Number = Option<u32>;

/// Returns the number that the media file of each sidecar with a title must have, by sidecar.
/// Those for which it cannot be told are left out.
pub(super) fn decide(folder: &Folder<'_>) -> HashMap<usize, Number> {
    let mut numbers = HashMap::new();
    let mut groups: HashMap<(bool, &str), Vec<Member<'_>>> = HashMap::new();
    for (sidecar, it) in folder.sidecars.iter().enumerate() {
        let Some(told) = &it.told else { continue };
        numbers.insert(sidecar, told.number);
        if told.named.is_cut() {
            let group = groups.entry((told.is_rough, &told.base)).or_default();
            group.push(Member { sidecar, told });
        }
    }
    let mixed: Vec<_> = groups.into_values().filter(|group| is_mixed(group)).collect();
    if !mixed.is_empty() {
        let names = names(folder);
        for mut group in mixed {
            group.sort_by_key(|it| (it.told.number, it.sidecar));
            for (member, number) in group.iter().zip(of_group(&group, &names)) {
                match number {
                    Some(number) => numbers.insert(member.sidecar, number),
                    None => numbers.remove(&member.sidecar),
                };
            }
        }
    }
    numbers
}

/// One of several sidecars of one name.
struct Member<'a> {
    sidecar: usize,
    told: &'a Told,
}

impl Member<'_> {
    /// What its media file is called, before it gets a number.
    fn wanted(&self) -> (&str, &str) {
        let named = &self.told.named;
        (named.stems.first().map_or("", String::as_str), &named.extension)
    }

    fn is_there(&self, number: Number, names: &HashSet<(bool, String)>) -> bool {
        let Named { stems, extension, .. } = &self.told.named;
        let mut all = stems.iter().map(|it| with_number(it, number, extension));
        all.any(|name| names.contains(&(self.told.is_rough, name)))
    }
}

fn is_mixed(group: &[Member<'_>]) -> bool {
    let mut wanted = group.iter().map(Member::wanted);
    let first = wanted.next();
    wanted.any(|it| Some(it) != first)
}

/// All names of media files, in both spellings.
fn names(folder: &Folder<'_>) -> HashSet<(bool, String)> {
    let names = folder.media.iter().map(|it| &it.name);
    let both = names.flat_map(|it| [(false, it.clone()), (true, roughly(it).into_owned())]);
    both.collect()
}

/// The media files' numbers of a group that is sorted by the sidecars' numbers.
fn of_group(group: &[Member<'_>], names: &HashSet<(bool, String)>) -> Vec<Option<Number>> {
    let same: Vec<_> = group.iter().map(|it| Some(it.told.number)).collect();
    let own = own_numbers(group);
    let explains = |numbers: &[Option<Number>]| {
        let mut all = group.iter().zip(numbers);
        all.all(|(it, number)| number.is_some_and(|number| it.is_there(number, names)))
    };
    match (explains(&same), explains(&own)) {
        (true, false) => same,
        (false, true) => own,
        _ => same.iter().zip(&own).map(|(a, b)| a.filter(|_| a == b)).collect(),
    }
}

/// The numbers that the media files have if these are counted by their own names: how many of
/// the same come before. Unknown where one before is missing or its extension is.
fn own_numbers(group: &[Member<'_>]) -> Vec<Option<Number>> {
    let mut counts: HashMap<(&str, &str), u32> = HashMap::new();
    let mut is_whole = group.iter().all(|it| it.told.named.bare.is_empty());
    let first_is_there = group.first().is_some_and(|it| it.told.number.is_none());
    let numbers = group.iter().zip(0..).map(|(it, place)| {
        is_whole &= first_is_there && it.told.number.unwrap_or(0) == place;
        let count = counts.entry(it.wanted()).or_default();
        let number = (*count > 0).then_some(*count);
        *count += 1;
        (is_whole || it.told.number.is_none()).then_some(number)
    });
    numbers.collect()
}

//! One folder's files while they are matched: what each sidecar and each media file is called,
//! and which have been matched so far.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::join::Joined;
use super::naming::{Named, Spelling, as_google_spells, nfc, roughly, split, split_number};
use super::{Beside, MediaFile};
use crate::model::MatchRule;

/// A sidecar.
pub(super) struct Sidecar<'a> {
    pub row: i64,
    pub title: &'a str,
    /// Its name without `.json`, composed.
    pub base: String,
    /// What its title says it should be called, if that is how it is called.
    pub told: Option<Told>,
}

/// A title that is borne out by the sidecar's own name.
pub(super) struct Told {
    pub named: Named,
    /// Of several sidecars of one name, with that name.
    pub number: Option<u32>,
    /// That name, spelt as the title is.
    pub base: String,
    /// Only under the rough spelling.
    pub is_rough: bool,
}

/// All media files of one name: the same one may lie in several parts.
pub(super) struct Medium<'a> {
    pub rows: Vec<i64>,
    /// As it is in the export.
    pub written: &'a str,
    /// The same, composed.
    pub name: String,
}

impl Medium<'_> {
    /// The name without its extension.
    pub fn stem(&self) -> &str {
        split(&self.name).0
    }

    /// Its extension, with the dot.
    pub fn extension(&self) -> &str {
        split(&self.name).1
    }
}

/// A sidecar's name, read in one way: without its number, and the number.
pub(super) type Reading<'a> = (&'a str, Option<u32>);

impl Sidecar<'_> {
    /// The ways to read its name: a number at the end may be the title's own.
    pub fn readings(&self) -> impl Iterator<Item = Reading<'_>> {
        let number = split_number(&self.base).map(|(base, number)| (base, Some(number)));
        [(self.base.as_str(), None)].into_iter().chain(number)
    }

    fn told(&self, spelling: Spelling, is_rough: bool) -> Option<Told> {
        if self.title.is_empty() {
            return None;
        }
        let named = Named::new(self.title, spelling);
        let spelt = self.readings().map(|(base, number)| (spelling(base).into_owned(), number));
        let (base, number) = spelt.into_iter().find(|(base, _)| named.has_sidecar(base))?;
        Some(Told { named, number, base, is_rough })
    }
}

/// A folder, and what has been matched in it.
pub(super) struct Folder<'a> {
    pub sidecars: Vec<Sidecar<'a>>,
    pub media: Vec<Medium<'a>>,
    /// Of each media file, its sidecar and the rule.
    pub found: Vec<Option<(usize, MatchRule)>>,
    /// Of each sidecar, whether it has a media file of its own.
    pub taken: Vec<bool>,
    /// Of each media file, whether it may be that of a sidecar, but which cannot be told.
    pub contested: Vec<bool>,
}

impl<'a> Folder<'a> {
    pub fn new(sidecars: &[Beside<'a>], media: &[MediaFile<'a>]) -> Self {
        let sidecars = distinct_sidecars(sidecars);
        let media = distinct_media(media);
        let (found, taken) = (vec![None; media.len()], vec![false; sidecars.len()]);
        let contested = vec![false; media.len()];
        Self { sidecars, media, found, taken, contested }
    }

    /// The sidecars that have no media file yet.
    pub fn sidecars_left(&self) -> impl Iterator<Item = (usize, &Sidecar<'a>)> {
        self.sidecars.iter().enumerate().filter(|(i, _)| !self.taken[*i])
    }

    /// The media files that have no sidecar yet, and may get one.
    pub fn media_left(&self) -> impl Iterator<Item = (usize, &Medium<'a>)> {
        let all = self.media.iter().enumerate();
        all.filter(|(i, _)| self.found[*i].is_none() && !self.contested[*i])
    }

    /// Records what was joined under a rule.
    pub fn pair(&mut self, joined: Joined, rule: MatchRule) {
        self.pair_each(joined, |_| rule);
    }

    /// Records what was joined, each pair under the rule of its place.
    pub fn pair_each(&mut self, joined: Joined, rule: impl Fn(usize) -> MatchRule) {
        for medium in joined.unsure {
            self.contested[medium] = true;
        }
        for (i, (sidecar, medium)) in joined.pairs.into_iter().enumerate() {
            if !self.contested[medium] {
                self.found[medium] = Some((sidecar, rule(i)));
                self.taken[sidecar] = true;
            }
        }
    }

    /// Records media files that inherit the sidecar of another.
    pub fn inherit(&mut self, heirs: Vec<(usize, usize)>, rule: MatchRule) {
        for (sidecar, medium) in heirs {
            self.found[medium] = Some((sidecar, rule));
        }
    }
}

/// The sidecars, each once: an item may have one of both eras, and parts may repeat one.
fn distinct_sidecars<'a>(all: &[Beside<'a>]) -> Vec<Sidecar<'a>> {
    let mut all: Vec<_> = all.iter().filter_map(|it| Some((base(it.name)?, it))).collect();
    // The later era has the longer name.
    all.sort_by_key(|(base, it)| (Reverse(base.len()), it.row));
    let mut seen = HashMap::new();
    for (base, it) in &all {
        let number = split_number(base).map(|(_, number)| number);
        let key = if it.url.is_empty() { (base.as_str(), it.title) } else { (it.url, it.title) };
        seen.entry((key, number)).or_insert(it.row);
    }
    let kept: HashSet<_> = seen.into_values().collect();
    let kept = all.into_iter().filter(|(_, it)| kept.contains(&it.row));
    kept.map(|(base, it)| sidecar(base, it)).collect()
}

fn sidecar<'a>(base: String, it: &Beside<'a>) -> Sidecar<'a> {
    let mut sidecar = Sidecar { row: it.row, title: it.title, base, told: None };
    sidecar.told = sidecar.told(as_google_spells, false).or_else(|| sidecar.told(roughly, true));
    sidecar
}

fn base(name: &str) -> Option<String> {
    let (base, extension) = split(name);
    let is_sidecar = extension.eq_ignore_ascii_case(".json") && !base.is_empty();
    is_sidecar.then(|| nfc(base).into_owned())
}

fn distinct_media<'a>(all: &[MediaFile<'a>]) -> Vec<Medium<'a>> {
    let mut media: BTreeMap<String, Medium<'a>> = BTreeMap::new();
    for it in all {
        let name = nfc(it.name).into_owned();
        let medium = media.entry(name.clone()).or_insert_with(|| Medium {
            rows: Vec::new(),
            written: it.name,
            name,
        });
        medium.rows.push(it.row);
        medium.written = medium.written.min(it.name);
    }
    media.into_values().collect()
}

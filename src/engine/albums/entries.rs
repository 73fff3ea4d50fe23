//! One album: what its folder should have in it, against what it has.
//!
//! What need not be touched is not: neither its bytes nor its time nor its row. Copies
//! follow their items by being renamed. The order is: what is not wanted goes, what is
//! wanted elsewhere moves there, what is missing is made.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::making::{keep, make_all, move_all, note_unmade};
use super::standing::{self, Occupant, Standing, take_out};
use super::{Folder, Planned, Work, unusable};
use crate::archive;
use crate::engine::run::Run;
use crate::engine::{Error, moves};
use crate::index::album_link::{self, Link, Wanted};
use crate::model::{ArchivePath, Sha256};
use crate::plan::{self, AlbumMode, Child};

/// How far an album was brought.
pub(super) enum Done {
    /// It is as it should be.
    All {
        /// How many entries were made, or moved.
        made: u64,
        /// How many were taken out.
        removed: u64,
    },
    /// The disk cannot do what is asked of it; nothing was done.
    Unable,
}

/// Something that should stand in an album's folder.
pub(super) struct Entry {
    /// Where.
    pub path: ArchivePath,
    /// The item that it stands for.
    pub item: Wanted,
}

/// What is to be done in one album.
#[derive(Default)]
struct Difference {
    /// What should not stand where it stands.
    leaving: Vec<Standing>,
    /// What should stand and does not.
    missing: Vec<Entry>,
}

/// Makes the folder of `album` as it should be: `folder`, or none at all.
pub(super) fn bring_up_to_date(
    run: &mut Run,
    work: &mut Work,
    album: &Planned,
    folder: Option<&Folder>,
) -> Result<Done, Error> {
    if let Some(folder) = folder
        && let Err(error @ archive::Error::Blocked { .. }) = run.job.archive.look(&folder.path)
    {
        note_unmade(run, &folder.path, &error);
        return Ok(Done::All { made: 0, removed: 0 });
    }
    let mut standing = standing::recorded(run, work, album.row)?;
    let entries = match folder {
        Some(folder) => named(run, work, album, &folder.path, &mut standing)?,
        None => Vec::new(),
    };
    let difference = compare(run, work, album.row, standing, entries)?;
    if !difference.missing.is_empty() && !work.is_able(run)? {
        return Ok(Done::Unable);
    }
    let done = carry_out(run, work, album.row, difference)?;
    if let Some(before) = album.before.as_ref().map(|before| &before.path)
        && folder.is_none_or(|after| after.path != *before)
    {
        moves::prune(run, before)?;
    }
    // Last: an album that was left halfway still has the folder that it had.
    if album.before.as_ref() != folder {
        work.folders.push((album.row, folder.cloned()));
    }
    if album.forget {
        work.forgotten.push(album.row);
    }
    Ok(done)
}

/// Names what should stand in the folder. What is found under such a name and is the
/// archive's own joins `standing`; what is foreign keeps its name, and ours takes the
/// next number.
fn named(
    run: &Run,
    work: &Work,
    album: &Planned,
    folder: &ArchivePath,
    standing: &mut Vec<Standing>,
) -> Result<Vec<Entry>, Error> {
    let items = album_link::wanted(&run.job.db, album.row, album.twin)?;
    let wishes: Vec<_> = items.iter().map(|item| wish(run, work, album, item)).collect();
    let mut ours: BTreeSet<_> = standing.iter().map(|own| own.link.path.clone()).collect();
    let mut taken = BTreeSet::new();
    loop {
        let names = plan::deal(&wishes, &taken, run.job.options.names);
        let before = taken.len();
        let mut entries = Vec::with_capacity(items.len());
        for (item, name) in items.iter().zip(names) {
            let path = folder.join(&name).map_err(|_| unusable(&name))?;
            let occupant = if ours.contains(&path) {
                Occupant::Nobody
            } else {
                standing::occupant(run, work.how.mode, &path, item)?
            };
            if let Occupant::Ours(own) = occupant {
                ours.insert(path.clone());
                standing.push(own);
            } else if matches!(occupant, Occupant::Foreign) {
                taken.insert(name);
            }
            entries.push(Entry { path, item: item.clone() });
        }
        if taken.len() == before {
            return Ok(entries);
        }
    }
}

/// What an item wants to be called in its album. The first in the album chooses first.
fn wish(run: &Run, work: &Work, album: &Planned, item: &Wanted) -> Child {
    let (style, rules) = (work.how.style, run.job.options.names);
    let position = i64::try_from(item.position).unwrap_or(i64::MAX);
    Child {
        id: position,
        remote_id: String::new(),
        created_at_ms: position,
        wanted: plan::entry_name(item.position, album.last, item.target.name(), style, rules),
        folder: false,
        given: None,
        still: None,
    }
}

/// Finds out what is to be done. What stands as it should is left there, with the time
/// of its target.
fn compare(
    run: &Run,
    work: &mut Work,
    album: i64,
    standing: Vec<Standing>,
    entries: Vec<Entry>,
) -> Result<Difference, Error> {
    let by_path = standing.into_iter().map(|own| (own.link.path.clone(), own));
    let mut by_path: BTreeMap<_, _> = by_path.collect();
    let mut difference = Difference::default();
    for entry in entries {
        match by_path.remove(&entry.path) {
            Some(own) if fits(run, work.how.mode, &own, &entry)? => {
                keep(run, work, album, &own, &entry)?;
            }
            own => {
                difference.leaving.extend(own);
                difference.missing.push(entry);
            }
        }
    }
    difference.leaving.extend(by_path.into_values());
    Ok(difference)
}

/// Says whether what stands there is what should, but for its time.
fn fits(run: &Run, mode: AlbumMode, own: &Standing, entry: &Entry) -> Result<bool, Error> {
    let Link { path, target, mode: found, made, .. } = &own.link;
    if found != mode.as_str() {
        return Ok(false);
    }
    Ok(match mode {
        AlbumMode::Symlink => *target == entry.item.target,
        AlbumMode::Hardlink => run.job.archive.is_same_file(path, &entry.item.target)?,
        AlbumMode::Reflink | AlbumMode::Copy => has_bytes(*made, entry.item.sha256),
        AlbumMode::Nothing => false,
    })
}

fn has_bytes(made: Option<album_link::Made>, sha256: Sha256) -> bool {
    made.is_some_and(|made| made.sha256 == sha256)
}

fn carry_out(
    run: &mut Run,
    work: &mut Work,
    album: i64,
    difference: Difference,
) -> Result<Done, Error> {
    let (leaving, moving, mut missing) = pair(work.how.mode, difference);
    let removed = leaving.len() as u64;
    let wanted = (missing.len() + moving.len()) as u64;
    for own in leaving {
        take_out(run, work, own)?;
    }
    missing.extend(move_all(run, work, album, moving)?);
    let failed = make_all(run, work, album, &missing)?;
    Ok(Done::All { made: wanted.saturating_sub(failed), removed })
}

/// Finds copies that are wanted under another name: they move there.
fn pair(
    mode: AlbumMode,
    Difference { leaving, missing }: Difference,
) -> (Vec<Standing>, Vec<(Standing, Entry)>, Vec<Entry>) {
    let is_copy = matches!(mode, AlbumMode::Copy | AlbumMode::Reflink);
    let mut by_bytes: HashMap<Sha256, Vec<Standing>> = HashMap::new();
    let mut rest = Vec::new();
    for own in leaving {
        match own.link.made.filter(|_| is_copy && own.link.mode == mode.as_str()) {
            Some(copy) => by_bytes.entry(copy.sha256).or_default().push(own),
            None => rest.push(own),
        }
    }
    let mut pairs = Vec::new();
    let mut unpaired = Vec::new();
    for entry in missing {
        match by_bytes.get_mut(&entry.item.sha256).and_then(Vec::pop) {
            Some(own) => pairs.push((own, entry)),
            None => unpaired.push(entry),
        }
    }
    rest.extend(by_bytes.into_values().flatten());
    (rest, pairs, unpaired)
}

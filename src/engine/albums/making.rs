//! Links and copies are made here, and copies get other names.
//!
//! What fails for one entry is told, and the others are made; what would fail for all
//! ends the run. What should stand where was decided in [`super::entries`].

use chrono::DateTime;

use super::Work;
use super::entries::Entry;
use super::standing::{Standing, link, made, take_out};
use crate::archive::{self, Copying, PartialName, Placing};
use crate::engine::run::Run;
use crate::engine::{Error, Event, check};
use crate::index::album_link::Made;
use crate::model::{ArchivePath, printable};
use crate::plan::{self, Act, AlbumMode, Move};

/// How many copies are made before they get their names together.
const COPIES: usize = 32;

/// Leaves something where it stands, gives it its target's time if it has another, and
/// records what the index does not know of it.
pub(super) fn keep(
    run: &Run,
    work: &mut Work,
    album: i64,
    own: &Standing,
    entry: &Entry,
) -> Result<(), Error> {
    let Entry { path, item } = entry;
    let mut seen = own.seen;
    if seen.mtime_ns != item.mtime_ns {
        let time = DateTime::from_timestamp_nanos(item.mtime_ns);
        // Who may write beside a file may not set its time, if it is another user's.
        if run.job.archive.set_mtime(path, time).is_ok() {
            seen = run.job.archive.look(path)?.unwrap_or(seen);
        }
    }
    let made = own.link.made.map(|_| made(seen, item));
    let now = link((path, item.position), item.target.clone(), work.how.mode, made);
    if !own.is_recorded || now != own.link {
        work.made.push((album, now));
    }
    Ok(())
}

/// Renames copies, and returns what has to be made anew after all: of copies that
/// change names in a circle, one.
pub(super) fn move_all(
    run: &mut Run,
    work: &mut Work,
    album: i64,
    pairs: Vec<(Standing, Entry)>,
) -> Result<Vec<Entry>, Error> {
    let ends = |(own, entry): &(Standing, Entry)| Move {
        from: own.link.path.clone(),
        to: entry.path.clone(),
    };
    let acts = plan::untangle(&pairs.iter().map(ends).collect::<Vec<_>>());
    let mut pairs: Vec<_> =
        pairs.into_iter().map(|(own, entry)| (Some(own), Some(entry))).collect();
    let mut anew = Vec::new();
    for act in acts {
        match act {
            Act::Lift(i) => {
                if let Some(own) = pairs[i].0.take() {
                    take_out(run, work, own)?;
                }
            }
            Act::Settle(i) => anew.extend(pairs[i].1.take()),
            Act::Rename(i) => {
                if let (Some(own), Some(entry)) = std::mem::take(&mut pairs[i]) {
                    move_one(run, work, album, (own, entry))?;
                }
            }
        }
    }
    Ok(anew)
}

fn move_one(
    run: &Run,
    work: &mut Work,
    album: i64,
    (own, entry): (Standing, Entry),
) -> Result<(), Error> {
    let from = own.link.path.clone();
    match run.job.archive.rename(&from, &entry.path) {
        Ok(()) => {}
        Err(error) if is_of_one(&error) => {
            note_unmade(run, &entry.path, &error);
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    }
    work.touched.extend([from.clone(), entry.path.clone()]);
    work.removed.push(from);
    keep(run, work, album, &Standing { is_recorded: false, ..own }, &entry)
}

/// Makes what is missing, and says how much of it could not be made.
pub(super) fn make_all(
    run: &Run,
    work: &mut Work,
    album: i64,
    missing: &[Entry],
) -> Result<u64, Error> {
    let mut failed = 0;
    for some in missing.chunks(COPIES) {
        run.may_go_on()?;
        let made = match work.how.mode {
            AlbumMode::Symlink | AlbumMode::Hardlink => {
                some.iter().map(|entry| link_one(run, work.how.mode, entry)).collect()
            }
            AlbumMode::Reflink => copy(run, Copying::Reflink, some),
            AlbumMode::Copy | AlbumMode::Nothing => copy(run, Copying::Bytes, some),
        };
        for (entry, made) in some.iter().zip(made) {
            match made {
                Ok(made) => {
                    let Entry { path, item } = entry;
                    work.touched.push(path.clone());
                    let at = (path, item.position);
                    let link = link(at, item.target.clone(), work.how.mode, made);
                    work.made.push((album, link));
                }
                Err(error) if is_of_one(&error) => {
                    note_unmade(run, &entry.path, &error);
                    failed += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(failed)
}

type MadeOrNot = Result<Option<Made>, archive::Error>;

fn link_one(run: &Run, mode: AlbumMode, entry: &Entry) -> MadeOrNot {
    let (archive, Entry { path, item }) = (&run.job.archive, entry);
    if mode == AlbumMode::Symlink {
        let time = DateTime::from_timestamp_nanos(item.mtime_ns);
        archive.symlink(path, &path.link_to(&item.target), Some(time))?;
        return Ok(None);
    }
    archive.hard_link(&item.target, path)?;
    Ok(archive.look(path)?.map(|seen| made(seen, item)))
}

/// Copies files and gives the copies their names together.
fn copy(run: &Run, how: Copying, some: &[Entry]) -> Vec<MadeOrNot> {
    let archive = &run.job.archive;
    let staged = some.iter().map(|Entry { path, item }| {
        let ready = archive.stage_copy(&item.target, &PartialName::of(path.as_str()), how)?;
        Ok(Placing { ready, path: path.clone(), replaces: None })
    });
    let staged: Vec<Result<Placing, archive::Error>> = staged.collect();
    let placings: Vec<_> =
        staged.iter().filter_map(|staged| staged.as_ref().ok()).cloned().collect();
    let mut placed = archive.place(&placings).into_iter();
    let both = some.iter().zip(staged);
    let outcome = |(entry, staged): (&Entry, Result<Placing, archive::Error>)| {
        staged?;
        let Some(placed) = placed.next() else { return Ok(None) };
        let placed = placed?;
        Ok(Some(Made {
            size_bytes: placed.size_bytes,
            mtime_ns: placed.mtime_ns,
            sha256: entry.item.sha256,
        }))
    };
    both.map(outcome).collect()
}

/// Says whether an error is of one entry alone, and the others may do better.
fn is_of_one(error: &archive::Error) -> bool {
    matches!(
        error,
        archive::Error::Occupied(_)
            | archive::Error::NotPlain { .. }
            | archive::Error::Blocked { .. }
    ) || error.is_missing()
        || error.is_denied()
        || error.is_name_too_long()
        || error.is_out_of_names()
}

pub(super) fn note_unmade(run: &Run, path: &ArchivePath, error: &archive::Error) {
    let path = printable(path.as_str());
    run.tell(Event::Note(&format!("{path} was not made: {}", check::in_words(error))));
}

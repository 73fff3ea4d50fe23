//! Puts back what a run took out of the trees. It asks no source and fetches nothing.
//!
//! What was removed comes back with its items, and is never removed again. Older bytes
//! that were replaced come back beside the newer ones as files of the person's own: the
//! program does not touch them afterwards, and records nothing of them but that.
//!
//! Where each file is put is recorded before it is, so that a killed `undo` is set
//! right by the next run.

use std::collections::HashSet;

use rusqlite::Connection;

use super::run::{Ended, Job, Run};
use super::{Error, Event, check, manifest, moves, recovery, returning};
use crate::archive::{self, Seen, Sort};
use crate::index::file;
use crate::index::history::{self, Moment, What};
use crate::index::run::{self, RunId};
use crate::index::trash::{self, Trashed, Why};
use crate::index::{item, place};
use crate::model::{ArchivePath, printable};
use crate::plan;

/// How many files are put back, made durable and recorded together.
const BATCH: u32 = 512;

/// What is to be put back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undo {
    /// Of which run; `None`: the last that took something out of the trees.
    pub run: Option<i64>,
    /// Also the older bytes of what it replaced by newer ones.
    pub replaced: bool,
}

/// What became of it.
#[derive(Debug)]
pub struct Undone {
    /// How it ended.
    pub ended: Ended,
    /// The run that was undone; `None`: none ever took anything out of the trees.
    pub run: Option<i64>,
    /// Files that are back.
    pub restored: u64,
    /// Files that were back already.
    pub already: u64,
    /// Files that cannot come back: deleted for good, or no longer in the trash.
    pub lost: u64,
}

/// What was done so far.
#[derive(Default)]
struct Count {
    restored: u64,
    already: u64,
    lost: u64,
}

/// Puts back what a run took out of the trees, and records that as a run of its own.
pub fn undo(job: Job, wish: Undo) -> Undone {
    let mut count = Count::default();
    // What nobody could undo is no run to be told of.
    if let Err(error) = known(&job.db, wish.run) {
        return Undone { ended: Ended::failed(error), run: None, restored: 0, already: 0, lost: 0 };
    }
    let (ended, undone) = match Run::begin(job) {
        Ok(mut run) => {
            let result = all(&mut run, wish, &mut count);
            run.doubtful |= count.lost > 0;
            let undone = result.as_ref().ok().copied().flatten();
            (run.end(result.map(drop)), undone)
        }
        Err(error) => (Ended::failed(error), None),
    };
    let Count { restored, already, lost } = count;
    Undone { ended, run: undone.map(|run| run.0), restored, already, lost }
}

fn known(db: &Connection, wanted: Option<i64>) -> Result<(), Error> {
    match wanted {
        Some(number) if !run::exists(db, RunId(number))? => Err(Error::NoSuchRun(number)),
        _ => Ok(()),
    }
}

fn all(run: &mut Run, wish: Undo, count: &mut Count) -> Result<Option<RunId>, Error> {
    recovery::all(run)?;
    let reasons: &[Why] =
        if wish.replaced { &[Why::Removed, Why::Replaced] } else { &[Why::Removed] };
    let Some(undone) = whose(run, wish, reasons)? else { return Ok(None) };
    for why in reasons {
        let mut after = 0;
        loop {
            run.may_go_on()?;
            let batch = trash::of_run(&run.job.db, undone, *why, after, BATCH)?;
            let Some(last) = batch.last() else { break };
            after = last.row;
            put_back(run, batch, count)?;
        }
    }
    Ok(Some(undone))
}

/// The run that is undone.
fn whose(run: &Run, wish: Undo, reasons: &[Why]) -> Result<Option<RunId>, Error> {
    let db = &run.job.db;
    if let Some(number) = wish.run {
        return Ok(Some(RunId(number)));
    }
    let mut last = None;
    for why in reasons {
        last = last.max(trash::last_run(db, *why)?);
    }
    Ok(last)
}

fn put_back(run: &mut Run, batch: Vec<Trashed>, count: &mut Count) -> Result<(), Error> {
    let returning = intend(run, batch, count)?;
    let mut back = Vec::new();
    for (trashed, path) in returning {
        match run.job.archive.rename(&trashed.trash_path, &path) {
            Ok(()) => back.push((trashed, path)),
            Err(error) if moves::is_in_the_way(&error) => {
                run.in_transaction(|db| Ok(trash::set_put_back(db, trashed.row, None)?))?;
                tell_lost(run, &trashed, &check::in_words(&error), count);
            }
            Err(error) => return Err(error.into()),
        }
    }
    count.restored += back.len() as u64;
    record(run, &back)
}

/// Decides for each file whether it can come back and where to, and records that.
fn intend(
    run: &mut Run,
    batch: Vec<Trashed>,
    count: &mut Count,
) -> Result<Vec<(Trashed, ArchivePath)>, Error> {
    let (mut returning, mut taken) = (Vec::new(), HashSet::new());
    for trashed in batch {
        if trashed.is_restored || is_held(run, &trashed)? {
            count.already += 1;
        } else if trashed.is_purged {
            tell_lost(run, &trashed, "it was deleted for good", count);
        } else if !is_there(run, &trashed.trash_path, &trashed)? {
            tell_lost(run, &trashed, "it is no longer in the trash as it was left there", count);
        } else if let Some(path) = free_path(run, &trashed.path, &taken)? {
            taken.insert(path.clone());
            returning.push((trashed, path));
        } else {
            tell_lost(run, &trashed, "its folder cannot be reached", count);
        }
    }
    run.in_transaction(|db| {
        returning
            .iter()
            .try_for_each(|(trashed, path)| Ok(trash::set_put_back(db, trashed.row, Some(path))?))
    })?;
    Ok(returning)
}

/// Says whether the archive holds the bytes of all its items again.
fn is_held(run: &Run, trashed: &Trashed) -> Result<bool, Error> {
    Ok(trashed.why == Why::Removed && !trash::is_wanted(&run.job.db, trashed.row)?)
}

/// Says whether a file is at `path` as it was put into the trash, byte by byte: what is
/// put back counts as the item's own from then on.
fn is_there(run: &Run, path: &ArchivePath, trashed: &Trashed) -> Result<bool, Error> {
    let is_it = |seen: Seen| {
        seen.sort == Sort::File
            && seen.size_bytes == trashed.size_bytes
            && seen.mtime_ns == trashed.mtime_ns
    };
    let seen = check::look(&run.job.archive, path)?;
    Ok(seen.is_some_and(is_it) && check::digests(run, path)?.sha256 == trashed.sha256)
}

/// The path at which a file was, or the next in its row of numbers that is free.
fn free_path(
    run: &Run,
    path: &ArchivePath,
    taken: &HashSet<ArchivePath>,
) -> Result<Option<ArchivePath>, Error> {
    for number in 0.. {
        let name = match number {
            0 => path.name().to_owned(),
            number => plan::numbered(path.name(), number, false),
        };
        let Some(Ok(candidate)) = path.parent().map(|folder| folder.join(&name)) else { break };
        match run.job.archive.look(&candidate) {
            Ok(Some(_)) => continue,
            Ok(None) => {}
            Err(archive::Error::Blocked { .. }) => break,
            Err(error) => return Err(error.into()),
        }
        if !taken.contains(&candidate) && !file::exists_at(&run.job.db, &candidate)? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

fn tell_lost(run: &Run, trashed: &Trashed, why: &str, count: &mut Count) {
    count.lost += 1;
    let path = printable(trashed.path.as_str());
    run.tell(Event::Note(&format!("{path} was not put back: {why}")));
}

fn record(run: &mut Run, back: &[(Trashed, ArchivePath)]) -> Result<(), Error> {
    if !run.is_dry() {
        settle(run, back)?;
    }
    let when = run.moment();
    let items = run.in_transaction(|db| {
        let mut items = Vec::new();
        for (trashed, path) in back {
            items.extend(record_one(db, when, trashed, path)?);
        }
        Ok(items)
    })?;
    run.learnt |= !back.is_empty();
    if run.is_dry() {
        return Ok(());
    }
    for (trashed, path) in back {
        run.tally.added += 1;
        run.tell(Event::Restored { path, size_bytes: trashed.size_bytes });
    }
    items.into_iter().try_for_each(|item| manifest::note(run, item))
}

/// Removes the trash's folders that were left empty, and makes all of it durable. Before it
/// is recorded: a run that is cut short in between does it again.
fn settle(run: &Run, back: &[(Trashed, ArchivePath)]) -> Result<(), Error> {
    let archive = &run.job.archive;
    back.iter().try_for_each(|(trashed, _)| archive.prune_in_trash(&trashed.trash_path))?;
    let touched = back.iter().flat_map(|(trashed, to)| [trashed.trash_path.clone(), to.clone()]);
    Ok(archive.make_durable(&touched.collect::<Vec<_>>())?)
}

/// Records that a file is back; returns the rows of the items that are held again.
fn record_one(
    db: &Connection,
    when: Moment,
    trashed: &Trashed,
    path: &ArchivePath,
) -> Result<Vec<i64>, Error> {
    let mut items = Vec::new();
    if trashed.why == Why::Removed {
        for regained in trash::put_back(db, trashed.row, path)? {
            place::mark_stale(db, item::set_form(db, regained.item, &regained.form)?)?;
            items.push(regained.item);
        }
    }
    trash::set_restored(db, trashed.row, when.at)?;
    let was = trashed.trash_path.as_str();
    history::add(db, when, What::Restored, path.as_str(), Some(was))?;
    Ok(items)
}

/// Records what an `undo` had put back that was killed before it could.
pub(super) fn recover(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return Ok(());
    }
    for trashed in trash::unfinished(&run.job.db)? {
        if returning::is_announced(&trashed) {
            continue;
        }
        let back = match trashed.put_back.clone() {
            Some(path) if has_come(run, &trashed, &path)? => Some(path),
            _ => None,
        };
        match back {
            Some(path) => record(run, &[(trashed, path)])?,
            None => run.in_transaction(|db| Ok(trash::set_put_back(db, trashed.row, None)?))?,
        }
    }
    Ok(())
}

fn has_come(run: &Run, trashed: &Trashed, path: &ArchivePath) -> Result<bool, Error> {
    Ok(!is_there(run, &trashed.trash_path, trashed)?
        && is_there(run, path, trashed)?
        && !file::exists_at(&run.job.db, path)?)
}

//! Moves files within the archive as Google moved their items, and gives them
//! their new times. Nothing is fetched and nothing is overwritten.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::run::Run;
use super::{Error, Event, Phase, check, dry_run, manifest, xmp};
use crate::archive::{self, Seen};
use crate::index::file::{self, Recorded};
use crate::index::history::{self, Moment, What};
use crate::index::step::{self, Kind, Step};
use crate::index::{item, place};
use crate::model::{ArchivePath, printable};
use crate::plan::{self, Act, Move};

/// How many steps are read, and how many moves made durable and recorded, at a time.
const BATCH: u32 = 512;

/// Sets right what a run left that was killed while it moved files, and has all
/// that it had planned planned again.
pub(super) fn recover(run: &mut Run) -> Result<(), Error> {
    let mut left = all(run, Kind::Move)?;
    let mut found = Vec::new();
    for step in &left {
        settle_lifted(run, step)?;
        if let Some(recorded) = file::held_by(&run.job.db, step.item)?
            && let Some(path) = whereabouts(run, step, &recorded)?
            && path != recorded.path
        {
            let aside = run.job.archive.lifted_path(&lifted_name(step))?;
            found.push((step, recorded.path, aside, path));
        }
    }
    if !run.is_dry() {
        // Before it is recorded: a run that is cut short in between does it again.
        found.iter().try_for_each(|(_, from, ..)| prune_above(run, from))?;
        let touched = found.iter().flat_map(|(_, from, _, to)| [from.clone(), to.clone()]);
        run.job.archive.make_durable(&touched.collect::<Vec<_>>())?;
    }
    // One that was put back where it was has not been moved.
    let has_arrived = |step: &Step, path: &ArchivePath| *path == step.to;
    let when = run.moment();
    run.in_transaction(|db| {
        // All leave their old paths before any takes its new one: two may have swapped.
        for (_, from, aside, _) in &found {
            file::set_path(db, from, aside.as_str())?;
        }
        for (step, _, _, path) in &found {
            file::set_path_of(db, step.item, path)?;
            if has_arrived(step, path) {
                record_move(db, when, step)?;
            }
        }
        Ok(())
    })?;
    for (step, _, _, path) in &found {
        if has_arrived(step, path) {
            tell_move(run, step)?;
        }
    }
    left.extend(all(run, Kind::Retime)?);
    run.in_transaction(|db| {
        for step in &left {
            place::mark_stale(db, item::get(db, step.item)?.folder)?;
        }
        Ok(step::clear(db)?)
    })
}

/// Puts down a file that was lifted aside when the run was killed.
fn settle_lifted(run: &Run, step: &Step) -> Result<(), Error> {
    let Some(name) = step.lifted.as_ref().filter(|_| !run.is_dry()) else { return Ok(()) };
    let archive = &run.job.archive;
    let lifted = archive.lifted_path(name)?;
    if archive.look(&lifted)?.is_none() {
        return Ok(());
    }
    for path in [Some(&step.to), step.from.as_ref()].into_iter().flatten() {
        match archive.look(path) {
            Ok(None) => {
                archive.settle(name, path)?;
                return Ok(archive.make_durable(&[path.clone(), lifted])?);
            }
            Ok(Some(_)) => {}
            Err(error) if is_in_the_way(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Finds the file that a step was to move: where it was to go, where it was, or where
/// it was lifted to, if it could not be put down. Its length and time tell, and where both
/// paths have such a file, its bytes.
fn whereabouts(run: &Run, step: &Step, recorded: &Recorded) -> Result<Option<ArchivePath>, Error> {
    let mut alike = Vec::new();
    let lifted = step.lifted.as_ref().map(|name| run.job.archive.lifted_path(name)).transpose()?;
    let places = [Some(&step.to), step.from.as_ref(), lifted.as_ref()];
    for path in places.into_iter().flatten() {
        // A file may have the name of a folder above it: the run was killed after the one had
        // gone and the other had come.
        if check::look(&run.job.archive, path)?
            .is_some_and(|seen| check::is_untouched(&seen, recorded))
        {
            alike.push(path.clone());
        }
    }
    if alike.len() > 1 {
        for path in &alike {
            if check::digests(run, path)?.sha256 == recorded.sha256 {
                return Ok(Some(path.clone()));
            }
        }
    }
    Ok(alike.pop())
}

/// Does all the moves that are planned, then sets the times that are.
pub(super) fn apply(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return dry_run::moves(run);
    }
    xmp::make_way(run)?;
    let steps = all(run, Kind::Move)?;
    if !steps.is_empty() {
        run.phase(Phase::Moving { files: steps.len() as u64 });
        move_all(run, &steps)?;
    }
    for steps in all(run, Kind::Retime)?.chunks(BATCH as usize) {
        run.may_go_on()?;
        retime(run, steps)?;
    }
    Ok(())
}

fn move_all(run: &mut Run, steps: &[Step]) -> Result<(), Error> {
    let from = |step: &Step| step.from.clone().unwrap_or_else(|| step.to.clone());
    let moves: Vec<_> =
        steps.iter().map(|step| Move { from: from(step), to: step.to.clone() }).collect();
    let acts = plan::untangle(&moves);
    record_lifts(run, steps, &acts)?;
    for acts in acts.chunks(BATCH as usize) {
        run.may_go_on()?;
        let ends = acts.iter().map(|act| ends(run, steps, &moves, *act));
        let ends: Vec<_> = ends.collect::<Result<_, _>>()?;
        let mut done = Vec::new();
        for (act, (from, to)) in acts.iter().zip(ends) {
            if move_one(run, &from, &to)? {
                done.push((*act, from, to));
            }
        }
        let touched: Vec<_> =
            done.iter().flat_map(|(_, from, to)| [from.clone(), to.clone()]).collect();
        run.job.archive.make_durable(&touched)?;
        record(run, steps, &done)?;
    }
    Ok(())
}

/// Moves one file, unless something that a person did or put there is in the way:
/// the next run finds it another name.
fn move_one(run: &mut Run, from: &ArchivePath, to: &ArchivePath) -> Result<bool, Error> {
    match run.job.archive.rename(from, to) {
        Ok(()) => {}
        Err(error) if is_in_the_way(&error) => {
            let from = printable(from.as_str());
            run.tell(Event::Note(&format!("{from} was not moved: {}", check::in_words(&error))));
            run.doubtful = true;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    }
    // A folder that is empty now may be where the next file belongs.
    prune_above(run, from)?;
    Ok(true)
}

/// Says whether an error is of this one path, and not of the whole disk.
pub(super) fn is_in_the_way(error: &archive::Error) -> bool {
    matches!(error, archive::Error::Occupied(_) | archive::Error::Blocked { .. })
        || error.is_name_too_long()
        // A person took it away since it was looked at.
        || error.is_missing()
        || error.is_denied()
}

/// Removes the folders above `path` that are empty now.
pub(super) fn prune_above(run: &Run, path: &ArchivePath) -> Result<(), Error> {
    path.parent().map_or(Ok(()), |folder| prune(run, &folder))
}

/// Removes a folder, and those above it, where nothing is left in them.
pub(super) fn prune(run: &Run, folder: &ArchivePath) -> Result<(), Error> {
    match run.job.archive.prune_folder(folder) {
        // What a person put in the folder's place is theirs.
        Ok(()) | Err(archive::Error::Blocked { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Records the name that each file gets which is lifted aside, before it is: after
/// a crash it is found by it.
fn record_lifts(run: &mut Run, steps: &[Step], acts: &[Act]) -> Result<(), Error> {
    run.in_transaction(|db| {
        for act in acts {
            if let Act::Lift(i) = act {
                step::lift(db, steps[*i].row, &lifted_name(&steps[*i]))?;
            }
        }
        Ok(())
    })
}

fn lifted_name(step: &Step) -> String {
    format!("item-{}", step.item)
}

/// From where to where an act moves a file.
fn ends(
    run: &Run,
    steps: &[Step],
    moves: &[Move],
    act: Act,
) -> Result<(ArchivePath, ArchivePath), Error> {
    let aside = |i: usize| run.job.archive.lifted_path(&lifted_name(&steps[i]));
    Ok(match act {
        Act::Rename(i) => (moves[i].from.clone(), moves[i].to.clone()),
        Act::Lift(i) => (moves[i].from.clone(), aside(i)?),
        Act::Settle(i) => (aside(i)?, moves[i].to.clone()),
    })
}

fn record(
    run: &mut Run,
    steps: &[Step],
    done: &[(Act, ArchivePath, ArchivePath)],
) -> Result<(), Error> {
    let when = run.moment();
    let arrived = done.iter().filter_map(|(act, ..)| match act {
        Act::Rename(i) | Act::Settle(i) => Some(&steps[*i]),
        Act::Lift(_) => None,
    });
    let arrived: Vec<_> = arrived.collect();
    run.in_transaction(|db| {
        for (_, from, to) in done {
            file::set_path(db, from, to.as_str())?;
        }
        arrived.iter().try_for_each(|step| record_move(db, when, step))
    })?;
    arrived.into_iter().try_for_each(|step| tell_move(run, step))
}

fn record_move(db: &Connection, when: Moment, step: &Step) -> Result<(), Error> {
    let from = step.from.as_ref().map(ArchivePath::as_str);
    history::add(db, when, What::Moved, step.to.as_str(), from)?;
    Ok(step::remove(db, step.row)?)
}

fn tell_move(run: &mut Run, step: &Step) -> Result<(), Error> {
    if run.is_dry() {
        return Ok(());
    }
    run.tally.moved += 1;
    manifest::note(run, step.item)?;
    if let Some(from) = &step.from {
        run.tell(Event::Moved { from, to: &step.to });
    }
    Ok(())
}

/// Gives files their new times, and records them together. Where a crash comes in
/// between, the next run finds the bytes unchanged and plans the same again.
fn retime(run: &mut Run, steps: &[Step]) -> Result<(), Error> {
    let times: Vec<_> = steps.iter().map(|step| set_time(run, step)).collect::<Result<_, _>>()?;
    run.in_transaction(|db| {
        for (step, (modified_at, seen)) in steps.iter().zip(times) {
            if let Some((path, seen)) = seen {
                file::set_mtime(db, &path, seen.mtime_ns)?;
            }
            file::set_modified(db, step.item, modified_at)?;
            step::remove(db, step.row)?;
        }
        Ok(())
    })
}

/// A time that a file was given, the file, and what the disk made of it.
type Retimed = (Option<DateTime<Utc>>, Option<(ArchivePath, Seen)>);

/// Sets the time of one file, wherever it is: its move may have been in vain.
fn set_time(run: &Run, step: &Step) -> Result<Retimed, Error> {
    let modified_at = item::get(&run.job.db, step.item)?.item.modified_at;
    let held = file::held_by(&run.job.db, step.item)?.map(|held| held.path);
    let Some((time, path)) = modified_at.zip(held) else { return Ok((None, None)) };
    if check::may_retime(run, &path)? {
        run.job.archive.set_mtime(&path, time)?;
    }
    Ok((modified_at, run.job.archive.look(&path)?.map(|seen| (path, seen))))
}

/// All steps of a kind.
pub(super) fn all(run: &Run, kind: Kind) -> Result<Vec<Step>, Error> {
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let after = steps.last().map_or(0, |step| step.row);
        let more = step::of_kind(&run.job.db, kind, after, BATCH)?;
        if more.is_empty() {
            return Ok(steps);
        }
        steps.extend(more);
    }
}

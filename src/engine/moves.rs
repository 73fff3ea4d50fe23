//! Moves files within the archive as Google moved their items, and gives them
//! their new times. Nothing is fetched and nothing is overwritten.

use super::run::Run;
use super::{Error, Event, Phase, manifest};
use crate::archive;
use crate::index::history::{self, What};
use crate::index::step::{self, Kind, Step};
use crate::index::{file, item, place};
use crate::model::{ArchivePath, printable};
use crate::plan::{self, Act, Move};

/// How many steps are read, and how many moves made durable and recorded, at a time.
const BATCH: u32 = 512;

/// Sets right what a run left that was killed while it moved files, and has all
/// that it had planned planned again.
pub(super) fn recover(run: &mut Run) -> Result<(), Error> {
    let mut left = Vec::new();
    for kind in [Kind::Move, Kind::Retime] {
        left.extend(all(run, kind)?);
    }
    let lifted = run.job.archive.lifted()?;
    for step in &left {
        recover_one(run, step, &lifted)?;
    }
    run.in_transaction(|db| {
        for step in &left {
            if let Some(folder) = item::get(db, step.item)?.folder {
                place::mark_stale(db, folder)?;
            }
        }
        Ok(step::clear(db)?)
    })
}

/// Finds the file that a step was to move: where it was, where it was to go, or
/// lifted aside, and records where it is.
fn recover_one(run: &mut Run, step: &Step, lifted: &[String]) -> Result<(), Error> {
    let Some((_, recorded)) = file::held_by(&run.job.db, step.item)? else { return Ok(()) };
    let Some(from) = &step.from else { return Ok(()) };
    let archive = run.job.archive.clone();
    let is_free = |path: &ArchivePath| Ok::<_, Error>(archive.look(path)?.is_none());
    let found = match &step.lifted {
        Some(name) if lifted.contains(name) => {
            let back = if is_free(&step.to)? { &step.to } else { from };
            if !is_free(back)? {
                return Ok(());
            }
            archive.settle(name, back)?;
            archive.make_durable(&[back.clone(), archive.lifted_path(name)?])?;
            back
        }
        _ if !is_free(&recorded)? || is_free(&step.to)? => return Ok(()),
        _ => &step.to,
    };
    if *found != recorded {
        file::set_path(&run.job.db, &recorded, found.as_str())?;
        record_move(run, step, found)?;
    }
    Ok(())
}

/// Does all the moves that are planned, then sets the times that are.
pub(super) fn apply(run: &mut Run) -> Result<(), Error> {
    let steps = all(run, Kind::Move)?;
    if !steps.is_empty() {
        run.phase(Phase::Moving { files: steps.len() as u64 });
        move_all(run, &steps)?;
    }
    for step in all(run, Kind::Retime)? {
        retime(run, &step)?;
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

/// Moves one file, unless something that is not the archive's has come in its way:
/// the next run finds it another name.
fn move_one(run: &mut Run, from: &ArchivePath, to: &ArchivePath) -> Result<bool, Error> {
    match run.job.archive.rename(from, to) {
        Ok(()) => {}
        Err(error @ (archive::Error::Occupied(_) | archive::Error::Blocked { .. })) => {
            let from = printable(from.as_str());
            run.tell(Event::Note(&format!("{from} was not moved: {error}")));
            run.doubtful = true;
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    }
    // A folder that is empty now may be where the next file belongs.
    if let Some(folder) = from.parent() {
        run.job.archive.prune_folder(&folder)?;
    }
    Ok(true)
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
    run.in_transaction(|db| {
        for (_, from, to) in done {
            file::set_path(db, from, to.as_str())?;
        }
        Ok(())
    })?;
    for (act, ..) in done {
        if let Act::Rename(i) | Act::Settle(i) = act {
            record_move(run, &steps[*i], &steps[*i].to)?;
        }
    }
    Ok(())
}

fn record_move(run: &mut Run, step: &Step, to: &ArchivePath) -> Result<(), Error> {
    let when = run.moment();
    let from = step.from.as_ref().map(ArchivePath::as_str);
    run.in_transaction(|db| {
        history::add(db, when, What::Moved, to.as_str(), from)?;
        Ok(step::remove(db, step.row)?)
    })?;
    run.tally.moved += 1;
    manifest::note(run, step.item)?;
    if let Some(from) = &step.from {
        run.tell(Event::Moved { from, to });
    }
    Ok(())
}

fn retime(run: &mut Run, step: &Step) -> Result<(), Error> {
    let modified_at = item::get(&run.job.db, step.item)?.item.modified_at;
    if let Some(time) = modified_at {
        run.job.archive.set_mtime(&step.to, time)?;
        if let Some(seen) = run.job.archive.look(&step.to)? {
            file::set_mtime(&run.job.db, &step.to, seen.mtime_ns)?;
        }
    }
    file::set_modified(&run.job.db, step.item, modified_at)?;
    Ok(step::remove(&run.job.db, step.row)?)
}

fn all(run: &Run, kind: Kind) -> Result<Vec<Step>, Error> {
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

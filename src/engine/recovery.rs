//! Sets right what a run left that was killed: what it did to the disk and could not
//! record any more is recorded, or taken back.
//!
//! Whatever a run does to the disk is announced in the index before. Here the disk is
//! asked how far it came; what was only meant is forgotten, and planned again by the
//! parts of the run whose it is.

use super::run::Run;
use super::{Error, adopt, check, layout, moves, removal, returning, undo};
use crate::archive::Sort;
use crate::index::file::{self, Recorded};
use crate::index::history::{self, What};
use crate::index::item::{self, Known};
use crate::index::landing::{self, Announced};
use crate::index::step::{self, Kind};
use crate::index::trash::{self, Why};
use crate::model::{ArchivePath, MatchRule};

/// How many steps are read at a time: of what is recovered here there is one at the most.
const BATCH: u32 = 16;

/// Sets everything right.
pub(super) fn all(run: &mut Run) -> Result<(), Error> {
    make_durable(run)?;
    removal::recover(run)?;
    undo::recover(run)?;
    retired(run)?;
    landed(run)?;
    returning::recover(run)?;
    moves::recover(run)?;
    Ok(())
}

/// Makes durable what a killed run did to the disk: it may be in memory only until now, and
/// is about to be recorded as done.
fn make_durable(run: &Run) -> Result<(), Error> {
    if !run.follows_killed || run.is_dry() {
        return Ok(());
    }
    let (db, archive) = (&run.job.db, &run.job.archive);
    let mut paths = Vec::new();
    for announced in landing::all(db)? {
        paths.push(announced.path);
        paths.extend(announced.trash_path);
    }
    for trashed in trash::unfinished(db)? {
        paths.push(trashed.trash_path);
        paths.extend(trashed.put_back);
    }
    for kind in [Kind::Move, Kind::Remove, Kind::Retire] {
        for step in moves::all(run, kind)? {
            paths.extend(step.lifted.map(|name| archive.lifted_path(&name)).transpose()?);
            paths.extend(step.from);
            paths.push(step.to);
        }
    }
    Ok(archive.make_durable(&paths)?)
}

/// Puts an altered copy back that went to the trash for its original, and of which no more
/// is recorded: it is compared again.
fn retired(run: &mut Run) -> Result<(), Error> {
    for step in step::of_kind(&run.job.db, Kind::Retire, 0, BATCH)? {
        let held = file::held_by(&run.job.db, step.item)?;
        if let (Some(held), false) = (held, run.is_dry()) {
            put_back(run, &held, &step.to)?;
        }
    }
    run.in_transaction(|db| Ok(step::clear_kind(db, Kind::Retire)?))
}

/// Sees to it that a file lies where it is recorded, and not at its place in the trash.
/// Where nobody can reach it any more, because something else is in the place of a folder
/// above it, say, nothing is done: a name too many in the trash is no loss.
fn put_back(run: &Run, held: &Recorded, trashed: &ArchivePath) -> Result<(), Error> {
    match try_put_back(run, held, trashed) {
        Err(Error::Archive(error)) if moves::is_in_the_way(&error) => Ok(()),
        tried => tried,
    }
}

fn try_put_back(run: &Run, held: &Recorded, trashed: &ArchivePath) -> Result<(), Error> {
    let archive = &run.job.archive;
    let is_it = |seen| check::is_untouched(&seen, held);
    if archive.is_same_file(&held.path, trashed)? {
        // A second name, which it was given first.
        archive.purge_file(trashed)?;
        return Ok(archive.make_durable(std::slice::from_ref(trashed))?);
    }
    if check::look(&run.job.archive, trashed)?.is_some_and(is_it)
        && check::look(&run.job.archive, &held.path)?.is_none()
    {
        archive.rename(trashed, &held.path)?;
        archive.prune_in_trash(trashed)?;
        archive.make_durable(&[trashed.clone(), held.path.clone()])?;
    }
    Ok(())
}

/// Records the fetched files that have their places already.
fn landed(run: &mut Run) -> Result<(), Error> {
    for announced in landing::all(&run.job.db)? {
        settle(run, &announced)?;
    }
    Ok(())
}

/// The same for one item of this run whose landing failed: it may have done so after the
/// file had its name. Says whether it is recorded now.
pub(super) fn after_all(run: &mut Run, item: i64) -> Result<bool, Error> {
    let all = landing::all(&run.job.db)?;
    let Some(announced) = all.iter().find(|it| it.item == item) else { return Ok(false) };
    settle(run, announced)
}

fn settle(run: &mut Run, announced: &Announced) -> Result<bool, Error> {
    let known = item::get(&run.job.db, announced.item)?;
    let older = file::held_by(&run.job.db, announced.item)?;
    let has_landed = has_landed(run, announced, older.as_ref())?;
    if let (Some(older), Some(trashed), false, false) =
        (&older, &announced.trash_path, has_landed, run.is_dry())
    {
        put_back(run, older, trashed)?;
    }
    // With what is recorded its announcement goes: to the next run, if this one is killed, what
    // came would be older bytes to be replaced by themselves.
    run.gathered(|run| {
        if has_landed {
            record(run, &known, announced, older.as_ref())?;
        }
        run.in_transaction(|db| Ok(landing::remove(db, announced.item)?))
    })?;
    Ok(has_landed)
}

/// Says whether the announced bytes are at their place, and not the older ones still.
fn has_landed(run: &Run, announced: &Announced, older: Option<&Recorded>) -> Result<bool, Error> {
    let Announced { path, sha256, trash_path, .. } = announced;
    if check::look(&run.job.archive, path)?.is_none_or(|seen| seen.sort != Sort::File) {
        return Ok(false);
    }
    if older.is_some_and(|older| older.path == *path) {
        let Some(trashed) = trash_path else { return Ok(false) };
        let is_replaced = check::look(&run.job.archive, trashed)?.is_some()
            && !run.job.archive.is_same_file(path, trashed)?;
        if !is_replaced {
            return Ok(false);
        }
    } else if file::exists_at(&run.job.db, path)? {
        return Ok(false);
    }
    Ok(check::digests(run, path)?.sha256 == *sha256)
}

/// Records a file that has its place, and what it replaced.
fn record(
    run: &mut Run,
    known: &Known,
    announced: &Announced,
    older: Option<&Recorded>,
) -> Result<(), Error> {
    let Announced { path, sha256, trash_path, .. } = announced;
    if let (Some(older), Some(trashed)) = (older, trash_path) {
        retire_older(run, older, (path, trashed))?;
    }
    if !run.is_dry() {
        // Its bytes are durable since before it had its name.
        run.job.archive.make_durable(std::slice::from_ref(path))?;
    }
    let Some(seen) = check::look(&run.job.archive, path)? else { return Ok(()) };
    let digests = check::digests(run, path)?;
    adopt::take(run, known, (path, &seen), (digests, MatchRule::Id))?;
    let back = trash::returning(&run.job.db, known.row, &layout::wanted(known))?;
    if let Some(back) = back.filter(|back| back.sha256 == *sha256)
        && check::look(&run.job.archive, &back.trash_path)?.is_none()
    {
        trash::set_restored(&run.job.db, back.row, run.now())?;
    }
    Ok(())
}

/// Records that the older bytes are in the trash; those of another format may still have
/// to go there.
fn retire_older(
    run: &mut Run,
    older: &Recorded,
    (path, trashed): (&ArchivePath, &ArchivePath),
) -> Result<(), Error> {
    if check::look(&run.job.archive, trashed)?.is_none() && !run.is_dry() {
        run.job.archive.rename(&older.path, trashed)?;
        run.job.archive.make_durable(&[older.path.clone(), trashed.clone()])?;
    }
    let when = run.moment();
    let trashed = if run.is_dry() {
        run.in_transaction(|db| Ok(trash::record(db, older.row, when, Why::Replaced, trashed)?))?;
        trashed.clone()
    } else {
        super::landing::retire(run, older, trashed)?
    };
    run.in_transaction(|db| {
        Ok(history::add(db, when, What::Changed, path.as_str(), Some(trashed.as_str()))?)
    })
}

//! A run that does nothing: its steps are told, one by one, where another run does
//! them. It works on a copy of the index and on an archive that refuses all changes.
//!
//! What cannot be known before bytes are fetched is told as it looks now: a photo
//! whose bytes will turn out to be in drive/ already is told as new, and so is one that an
//! original will replace which is yet to come.

use super::run::Run;
use super::{Error, Event, Planned, albums, fetch};
use crate::index::step::{self, Kind};
use crate::index::{file, item};
use crate::model::ArchivePath;

/// How many steps are read at a time.
const BATCH: u32 = 512;

/// Tells the moves that are planned, sorted by where the files are. A folder all of
/// whose files keep their places in it is told in one line.
pub(super) fn moves(run: &mut Run) -> Result<(), Error> {
    let mut after = String::new();
    let mut folder: Option<(ArchivePath, ArchivePath)> = None;
    loop {
        run.may_go_on()?;
        let batch = step::moves_after(&run.job.db, &after, BATCH)?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        last.as_str().clone_into(&mut after);
        for (from, to) in batch {
            run.tally.moved += 1;
            if folder.as_ref().is_some_and(|(told, _)| lies_below(&from, told)) {
                continue;
            }
            folder = whole_folder(run, &from, &to)?;
            let (from, to) = folder.as_ref().map_or((&from, &to), |(from, to)| (from, to));
            run.tell(Event::Planned(Planned::Move { from, to }));
        }
    }
}

/// Tells the fetches that are planned, and forgets all steps.
pub(super) fn fetches(run: &mut Run) -> Result<(), Error> {
    let (_, bytes) = run.steps(Kind::Fetch)?;
    run.tally.bytes += bytes;
    let mut after = 0;
    let mut photos = 0_u64;
    loop {
        run.may_go_on()?;
        let batch = step::of_kind(&run.job.db, Kind::Fetch, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.row;
        for step in batch {
            let path = &step.to;
            if !fetch::is_wanted(run, &item::get(&run.job.db, step.item)?) {
                continue;
            }
            if step.from.is_some() {
                run.tally.changed += 1;
                run.tell(Event::Planned(Planned::Change { path }));
            } else {
                photos += u64::from(path.as_str().starts_with("photos/"));
                run.tally.added += 1;
                run.tell(Event::Planned(Planned::Add { path }));
            }
        }
    }
    if photos > 0 {
        run.tell(Event::Note(&format!(
            "photos: {photos} new, less what drive/ turns out to have; Google tells no sizes"
        )));
    }
    Ok(step::clear(&run.job.db)?)
}

/// Tells the removals that are planned, and forgets them. A file is told with the first
/// of its items, unless another item holds it further.
pub(super) fn removals(run: &mut Run) -> Result<(), Error> {
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = step::of_kind(&run.job.db, Kind::Remove, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.row;
        for step in batch {
            let Some(file) = file::held_by(&run.job.db, step.item)? else { continue };
            let is_first = file::items(&run.job.db, file.row)?.first() == Some(&step.item);
            if is_first && !file::is_held_further(&run.job.db, file.row)? {
                run.tally.removed += 1;
                run.tell(Event::Planned(Planned::Remove { path: &file.path }));
            }
        }
    }
    Ok(step::clear_kind(&run.job.db, Kind::Remove)?)
}

/// Tells that an altered copy would make room for its original.
pub(super) fn altered(run: &mut Run, path: &ArchivePath) {
    run.tally.removed += 1;
    run.tell(Event::Planned(Planned::Remove { path }));
}

/// Says in numbers what would become of the albums' folders.
pub(super) fn albums(run: &mut Run) -> Result<(), Error> {
    let Some(how) = run.job.options.albums else { return Ok(()) };
    let standing = albums::changes(run, how)?;
    let waiting = albums::waiting(run, how)?;
    let new = standing.made + waiting;
    if new + standing.renamed + standing.removed > 0 {
        run.tell(Event::Note(&format!(
            "albums: {new} new, {} renamed, {} removed; what is in the others follows Google",
            standing.renamed, standing.removed
        )));
    }
    Ok(())
}

/// The uppermost folder that moves whole with the file which goes from `from` to `to`:
/// where it is, and where it will be.
fn whole_folder(
    run: &Run,
    from: &ArchivePath,
    to: &ArchivePath,
) -> Result<Option<(ArchivePath, ArchivePath)>, Error> {
    let (mut from, mut to) = (from.clone(), to.clone());
    let mut candidates = Vec::new();
    while from.name() == to.name() {
        let (Some(above_from), Some(above_to)) = (from.parent(), to.parent()) else { break };
        // drive/ itself is no folder of anybody's.
        if above_from.parent().is_none() || above_to.parent().is_none() || above_from == above_to {
            break;
        }
        (from, to) = (above_from, above_to);
        candidates.push((from.clone(), to.clone()));
    }
    for (from, to) in candidates.into_iter().rev() {
        if step::moves_whole(&run.job.db, &from, &to)? {
            return Ok(Some((from, to)));
        }
    }
    Ok(None)
}

fn lies_below(path: &ArchivePath, folder: &ArchivePath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    rest.is_some_and(|rest| rest.starts_with('/'))
}

//! Takes files out of the trees whose items are gone, with evidence for each, and
//! deletes for good what has lain in the trash for long enough. Only where a person
//! asked for that.
//!
//! Each removal is recorded before it is done, with the file's place in the trash, so
//! that a run that was killed is set right by the next one.

use std::collections::HashSet;

use chrono::{NaiveDate, TimeDelta};
use rusqlite::Connection;

use super::run::Run;
use super::{Error, Event, Phase, Removal, check, dry_run, evidence, manifest, moves};
use crate::index::file::{self, Recorded, Removable};
use crate::index::history::{self, Moment, What};
use crate::index::step::{self, Kind, Step};
use crate::index::trash::{self, Why};
use crate::index::{crawl, item, place};
use crate::model::{ArchivePath, Listing, SourceId, printable};
use crate::plan::{self, Doubt, Fate, Hold};

/// How many removals are made durable and recorded together.
const BATCH: u32 = 512;

/// For how many days replaced bytes stay in the trash at the least.
const DAYS_MIN: u32 = 1;

/// A file on its way to the trash.
struct Going {
    item: i64,
    file: Recorded,
    to: ArchivePath,
}

/// Removes what is gone, and says whether anything was: then what shared a file with it
/// needs a place of its own.
pub(super) fn all(run: &mut Run) -> Result<bool, Error> {
    let Some(removal) = run.job.options.removal else { return Ok(false) };
    let sources = trusted(run)?;
    if sources.is_empty() {
        return Ok(false);
    }
    let going = file::count_removable(&run.job.db, &sources, true)?;
    let most = evidence::limit(run)?;
    if going > most {
        let files = file::count(&run.job.db)?;
        run.refused = Some(Error::TooManyGone { going, files, most });
        if run.is_dry() {
            run.tally.removed += file::count_removable(&run.job.db, &sources, false)?;
        }
        return Ok(false);
    }
    for source in sources {
        plan_all(run, source)?;
    }
    if run.is_dry() {
        dry_run::removals(run)?;
        return Ok(false);
    }
    let changed = apply(run)?;
    purge(run, removal)?;
    Ok(changed)
}

/// The sources that are beyond doubt. Each goes by itself: one that never answers must
/// not keep what is gone from another for ever.
fn trusted(run: &Run) -> Result<Vec<SourceId>, Error> {
    let mut trusted = Vec::new();
    for source in [SourceId::Drive, SourceId::Photos] {
        match plan::doubt(crawl::listing(&run.job.db, source)?, run.doubt_of(source)) {
            None => trusted.push(source),
            Some(doubt) => tell_doubt(run, source, doubt)?,
        }
    }
    Ok(trusted)
}

/// Tells of a doubt that came up in this run, where it keeps anything.
fn tell_doubt(run: &Run, source: SourceId, doubt: Doubt) -> Result<(), Error> {
    let words = match doubt {
        Doubt::LeftOut | Doubt::Listing(Listing::NotBegun) => return Ok(()),
        Doubt::Stranger => "this sign-in does not say whose account it is",
        Doubt::Listing(_) => "its listing has not come to its end",
        Doubt::Failed | Doubt::Contradicted | Doubt::Disk => {
            "not all that Google said could be relied on"
        }
    };
    if file::count_removable(&run.job.db, &[source], true)? > 0 {
        let words = format!("nothing of {source} is removed in this run: {words}");
        run.tell(Event::Note(&words));
    }
    Ok(())
}

fn plan_all(run: &mut Run, source: SourceId) -> Result<(), Error> {
    let (day, nothing) = (run.now().date_naive(), HashSet::new());
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = file::removable(&run.job.db, source, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.item;
        let archive = run.job.archive.clone();
        run.in_transaction(|db| {
            for it in batch.iter().filter(|it| may_go(it)) {
                let to = archive.place_in_trash(&it.path, day, &nothing)?;
                step::put(db, Kind::Remove, it.item, Some(&it.path), &to)?;
            }
            Ok(())
        })?;
    }
}

/// The last word on each file, whatever the statement has chosen that found it.
fn may_go(it: &Removable) -> bool {
    plan::fate(it.standing, Hold { owned: it.owned, kept: it.kept }) == Fate::Goes
}

/// Does all the removals that are planned, and says whether there were any.
fn apply(run: &mut Run) -> Result<bool, Error> {
    let (files, _) = run.steps(Kind::Remove)?;
    if files == 0 {
        return Ok(false);
    }
    run.phase(Phase::Removing { files });
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let steps = step::of_kind(&run.job.db, Kind::Remove, after, BATCH)?;
        let Some(last) = steps.last() else { break };
        after = last.row;
        remove(run, &steps)?;
    }
    // Only now: whether a file is held further is known by the steps of all its items.
    run.in_transaction(forget_steps)?;
    Ok(true)
}

fn remove(run: &mut Run, steps: &[Step]) -> Result<(), Error> {
    let going = intend(run, steps)?;
    let mut gone = Vec::new();
    for going in going {
        match run.job.archive.rename(&going.file.path, &going.to) {
            Ok(()) => gone.push(going),
            Err(error) if moves::is_in_the_way(&error) => {
                let path = printable(going.file.path.as_str());
                run.tell(Event::Note(&format!(
                    "{path} was not removed: {}",
                    check::in_words(&error)
                )));
                run.doubtful = true;
            }
            Err(error) => return Err(error.into()),
        }
    }
    record(run, &gone)
}

/// Decides for each step whether the file goes, and records where to. A file that an
/// item holds further stays: only this item's hold on it ends.
fn intend(run: &mut Run, steps: &[Step]) -> Result<Vec<Going>, Error> {
    let day = run.now().date_naive();
    let (mut going, mut taken, mut shared) = (Vec::new(), HashSet::new(), Vec::new());
    let mut files = HashSet::new();
    for step in steps {
        let Some(file) = file::held_by(&run.job.db, step.item)? else { continue };
        if file::is_held_further(&run.job.db, file.row)? {
            shared.push((step.item, file.row));
        } else if files.insert(file.row) && is_untouched(run, &file)? {
            let to = run.job.archive.place_in_trash(&file.path, day, &taken)?;
            taken.insert(to.clone());
            going.push(Going { item: step.item, file, to });
        }
    }
    run.in_transaction(|db| {
        for (item, file) in &shared {
            item::unseat_sharers(db, *file)?;
            file::release(db, *item)?;
            leave(db, *item)?;
        }
        going.iter().try_for_each(|going| {
            Ok(step::put(db, Kind::Remove, going.item, Some(&going.file.path), &going.to)?)
        })
    })?;
    shared.iter().try_for_each(|(item, _)| manifest::note(run, *item))?;
    Ok(going)
}

/// What a person changed or took away since it was looked at is for the next run.
fn is_untouched(run: &Run, file: &Recorded) -> Result<bool, Error> {
    let seen = check::look(&run.job.archive, &file.path)?;
    Ok(seen.is_some_and(|seen| check::is_untouched(&seen, file)))
}

fn record(run: &mut Run, gone: &[Going]) -> Result<(), Error> {
    if !run.is_dry() {
        settle(run, gone)?;
    }
    let when = run.moment();
    let items = run.in_transaction(|db| {
        let mut items = Vec::new();
        for going in gone {
            items.extend(record_one(db, when, going)?);
        }
        Ok(items)
    })?;
    if run.is_dry() {
        // Of a run that was killed: they are in the trash already.
        return Ok(());
    }
    for going in gone {
        run.tally.removed += 1;
        run.tell(Event::Removed { path: &going.file.path, to: &going.to });
    }
    items.into_iter().try_for_each(|item| manifest::note(run, item))
}

/// Removes the folders that were left empty, and makes all of it durable. Before it is
/// recorded: a run that is cut short in between does it again.
fn settle(run: &Run, gone: &[Going]) -> Result<(), Error> {
    gone.iter().try_for_each(|going| moves::prune_above(run, &going.file.path))?;
    let touched = gone.iter().flat_map(|going| [going.file.path.clone(), going.to.clone()]);
    Ok(run.job.archive.make_durable(&touched.collect::<Vec<_>>())?)
}

fn record_one(db: &Connection, when: Moment, going: &Going) -> Result<Vec<i64>, Error> {
    let items = file::items(db, going.file.row)?;
    trash::record(db, going.file.row, when, Why::Removed, &going.to)?;
    items.iter().try_for_each(|item| leave(db, *item))?;
    let (path, to) = (going.file.path.as_str(), going.to.as_str());
    history::add(db, when, What::Removed, path, Some(to))?;
    Ok(items)
}

/// Takes an item out of its folder, of which the archive holds nothing any more.
fn leave(db: &Connection, item: i64) -> Result<(), Error> {
    Ok(place::mark_stale(db, item::drop_form(db, item)?)?)
}

fn forget_steps(db: &Connection) -> Result<(), Error> {
    Ok(step::clear_kind(db, Kind::Remove)?)
}

/// Records what a run had removed that was killed before it could, and forgets what it
/// meant to remove besides.
pub(super) fn recover(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return run.in_transaction(forget_steps);
    }
    let mut after = 0;
    loop {
        let steps = step::of_kind(&run.job.db, Kind::Remove, after, BATCH)?;
        let Some(last) = steps.last() else { break };
        after = last.row;
        let (mut gone, mut files) = (Vec::new(), HashSet::new());
        for step in steps {
            // Of items that share a file each has a step.
            gone.extend(was_removed(run, step)?.filter(|going| files.insert(going.file.row)));
        }
        record(run, &gone)?;
    }
    run.in_transaction(forget_steps)
}

fn was_removed(run: &Run, step: Step) -> Result<Option<Going>, Error> {
    let Some(file) = file::held_by(&run.job.db, step.item)? else { return Ok(None) };
    if is_untouched(run, &file)? {
        return Ok(None);
    }
    let there = run.job.archive.look(&step.to)?;
    let is_there = there.is_some_and(|seen| check::is_untouched(&seen, &file))
        && check::digests(run, &step.to)?.sha256 == file.sha256;
    Ok(is_there.then_some(Going { item: step.item, file, to: step.to }))
}

/// Deletes for good what has lain in the trash for longer than a person wants.
fn purge(run: &mut Run, removal: Removal) -> Result<(), Error> {
    if removal.keep_days == 0 {
        purge_removed(run)?;
    }
    let keep_days = TimeDelta::days(removal.keep_days.max(DAYS_MIN).into());
    let today = run.now().date_naive();
    for day in run.job.archive.trash_days()? {
        run.may_go_on()?;
        // From the last moment of the day on it has to lie there for that many days.
        if today.signed_duration_since(day) > keep_days {
            purge_day(run, day)?;
        }
    }
    Ok(())
}

/// What is to be deleted is recorded as deleted before: nobody relies on it any more, and
/// of a run that is killed here the next one finds the folder that is left, and goes on.
fn purge_day(run: &mut Run, day: NaiveDate) -> Result<(), Error> {
    let folder = run.job.archive.trash_folder(day)?;
    let when = run.moment();
    // First: of a folder that is still there the next run knows what to do, and of one that
    // is not it would never learn.
    run.in_transaction(|db| Ok(trash::purge_below(db, &folder, when.at)?))?;
    let files = run.job.archive.purge_day(day)?.to_string();
    history::add(&run.job.db, when, What::Purged, folder.as_str(), Some(&files))?;
    run.learnt = true;
    Ok(())
}

/// Deletes at once what was removed, and leaves what was replaced. What a run that is
/// killed here leaves lies in the folder of its day, and goes with that.
fn purge_removed(run: &mut Run) -> Result<(), Error> {
    let mut after = 0;
    loop {
        run.may_go_on()?;
        let batch = trash::in_hand(&run.job.db, Why::Removed, after, BATCH)?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.row;
        let when = run.moment();
        run.in_transaction(|db| {
            for trashed in &batch {
                trash::set_purged(db, trashed.row, when.at)?;
                history::add(db, when, What::Purged, trashed.trash_path.as_str(), Some("1"))?;
            }
            Ok(())
        })?;
        for trashed in &batch {
            run.job.archive.purge_file(&trashed.trash_path)?;
        }
    }
}

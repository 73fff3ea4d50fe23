//! What is wrong is set right, as far as Google still has it: its bytes are fetched again
//! and, if they are the very bytes that were recorded, they take the place of what is
//! there, which moves to the folder of the trash that is never purged.
//!
//! What is there stays where it is until the right bytes are on the disk. Where Google
//! cannot be reached, or hands out other bytes by now, it is left to the next run, which
//! asks first what there is. Nothing is deleted.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::stream::{self, StreamExt as _};
use rusqlite::Connection;

use super::{Ground, Verified, Verifying, Wrong};
use crate::archive::{Archive, Placing, Sort};
use crate::engine::run::{Ended, Job, Run};
use crate::engine::setback::in_words;
use crate::engine::sources::Sources;
use crate::engine::transfer::{self, Failure, Fetched, Line};
use crate::engine::{Error, Event, Monitor, Phase, check, crawl, due, fetch, layout, recovery};
use crate::index::file::{self, Recorded};
use crate::index::history::{self, Moment, What};
use crate::index::item;
use crate::index::run::RunId;
use crate::index::step::{self, Kind, Step};
use crate::index::verification as turn;
use crate::model::{ArchivePath, Form, SourceId, printable};
use crate::plan::Sample;
use crate::source::drive::Drive;
use crate::source::photos::Photos;
use crate::source::{self, Want};
use crate::{google, index};

/// How many files are fetched before the next are read from the index.
const BATCH: u32 = 64;

/// After how many files in a row that Google did not give the rest is left.
const OUTAGES_MAX: usize = 3;

/// The way to Google, once it is needed.
pub struct Reached {
    /// Google Drive; `None` where there is no leave to read it.
    pub drive: Option<Arc<Drive>>,
    /// Google Photos; `None` where there is no leave to read it.
    pub photos: Option<Arc<Photos>>,
    /// Who says whose account it is.
    pub identity: Drive,
    /// The OAuth client, or the service account.
    pub client_id: String,
    /// Counts the requests sent so far.
    pub requests: Box<dyn Fn() -> u64 + Send>,
}

/// Verifies the archive and sets right what is wrong, as a run of its own. `job` has no
/// sources: only where something has to be fetched does `reach` say how Google is reached,
/// or in words why it is not.
pub async fn repair(
    job: Job,
    sample: Sample,
    reach: impl AsyncFnOnce() -> Result<Reached, String>,
) -> (Verified, Ended) {
    let mut told = Verified::default();
    let ended = match Run::begin(job) {
        Ok(mut run) => {
            let result = all(&mut run, sample, &mut told, reach).await;
            run.doubtful |= told.left() > 0;
            run.end(result)
        }
        Err(error) => Ended::failed(error),
    };
    (told, ended)
}

async fn all(
    run: &mut Run,
    sample: Sample,
    told: &mut Verified,
    reach: impl AsyncFnOnce() -> Result<Reached, String>,
) -> Result<(), Error> {
    Verifying::of_run(run, sample, told).index()?;
    recovery::all(run)?;
    Verifying::of_run(run, sample, told).files()?;
    fetch_again(run, told, reach).await?;
    Verifying::of_run(run, sample, told).rest()
}

/// Decides what becomes of a file that is not right, and has it fetched again in this run
/// if it lies in the place of an item that Google has.
pub(super) fn plan(
    on: &Ground<'_>,
    (run, told): (RunId, &mut Verified),
    recorded: &Recorded,
    wrong: Wrong,
) -> Result<(), Error> {
    if let Some(item) = turn::seat(on.db, recorded.row)? {
        let path = &recorded.path;
        return Ok(step::put(on.db, Kind::Fetch, item, Some(path), path)?);
    }
    if file::is_to_be_had(on.db, recorded.row)? {
        told.for_next_run += 1;
        let when = Moment { run, at: on.clock.now() };
        return set_aside((on.archive, on.db, on.monitor), when, recorded);
    }
    on.monitor.on(Event::Note(&left_as_is(&recorded.path, wrong, "Google no longer has it")));
    Ok(())
}

fn left_as_is(path: &ArchivePath, wrong: Wrong, why: &str) -> String {
    let path = printable(path.as_str());
    match wrong {
        Wrong::Missing => format!("{path} cannot be brought back: {why}"),
        _ => format!("{path} is left as it is: {why}"),
    }
}

/// Moves what is at a file's path to the folder of the trash that is never purged, says
/// where it is, and has the next run fetch the file.
fn set_aside(
    (archive, db, monitor): (&Archive, &Connection, &dyn Monitor),
    when: Moment,
    recorded: &Recorded,
) -> Result<(), Error> {
    let there = check::look(archive, &recorded.path)?;
    let aside = match there.map(|seen| seen.sort) {
        Some(Sort::File | Sort::Symlink) => {
            Some(check::put_aside(archive, &recorded.path, when.at)?)
        }
        _ => None,
    };
    let what = if aside.is_some() { What::Edited } else { What::Missing };
    let tx = db.unchecked_transaction().map_err(index::Error::from)?;
    check::forget(&tx, when, recorded, what, aside.as_ref().map(ArchivePath::as_str))?;
    tx.commit().map_err(index::Error::from)?;
    if let Some(aside) = aside {
        monitor.on(Event::Note(&format!(
            "what was {} is now {}, and the next run fetches the file again",
            printable(recorded.path.as_str()),
            printable(aside.as_str())
        )));
    }
    Ok(())
}

/// Fetches what was planned. What stands in the way of that is told, and the next run
/// tries again.
async fn fetch_again(
    run: &mut Run,
    told: &mut Verified,
    reach: impl AsyncFnOnce() -> Result<Reached, String>,
) -> Result<(), Error> {
    let (files, bytes) = run.steps(Kind::Fetch)?;
    if files == 0 {
        return Ok(());
    }
    match reach().await {
        Ok(reached) => {
            let job = &mut run.job;
            (job.drive, job.photos) = (reached.drive, reached.photos);
            job.identity = Some(reached.identity);
            (job.client_id, job.requests) = (reached.client_id, reached.requests);
            match crawl::check_identity(run).await {
                Ok(()) => fetch_all(run, told, (files, bytes)).await?,
                Err(Error::Source(error)) => tell_unreached(run, &error.to_string()),
                Err(error) => return Err(error),
            }
        }
        Err(words) => tell_unreached(run, &words),
    }
    leave_all(run, told)
}

fn tell_unreached(run: &Run, words: &str) {
    run.tell(Event::Note(&format!("nothing could be fetched again: {words}")));
}

async fn fetch_all(
    run: &mut Run,
    told: &mut Verified,
    (files, bytes): (u64, u64),
) -> Result<(), Error> {
    run.phase(Phase::Fetching { files, bytes });
    let line = Line {
        archive: run.job.archive.clone(),
        monitor: Arc::clone(&run.job.monitor),
        clock: Arc::clone(&run.job.clock),
        bandwidth: None,
        partials: run.job.archive.partials()?,
    };
    let (mut after, mut outages) = (0, 0);
    while outages < OUTAGES_MAX {
        let batch = step::of_kind(&run.job.db, Kind::Fetch, after, BATCH)?;
        let Some(last) = batch.last() else { break };
        after = last.row;
        let sources = Sources::of_job(&run.job);
        for (id, source) in sources.all() {
            let rows = (batch[0].row, after);
            source.look_ahead(&step::remote_ids(&run.job.db, Kind::Fetch, id, rows)?);
        }
        let mut wanted = Vec::new();
        for step in batch {
            let known = item::get(&run.job.db, step.item)?;
            if known.form == Some(Form::Pointer) {
                let fetched = fetch::stage_pointer(run, &known.item)?;
                take(run, told, &step, Ok(fetched))?;
            } else {
                let revision = layout::wanted(&known);
                wanted.push((step, due::want(&run.job.db, known, revision)?));
            }
        }
        let coming = wanted.into_iter().map(|(step, want)| fetch_one(&line, &sources, step, want));
        let mut coming = stream::iter(coming).buffer_unordered(run.job.options.transfers);
        while let Some((step, fetched)) = run.unless_stopped(coming.next()).await? {
            let Some(fetched) = fetched else {
                let why = why_out_of_reach(run, &step)?;
                run.tell(Event::Note(&left_as_is(&step.to, Wrong::Damaged, why)));
                step::remove(&run.job.db, step.row)?;
                continue;
            };
            outages = if fetched.as_ref().is_err_and(is_outage) { outages + 1 } else { 0 };
            take(run, told, &step, fetched)?;
        }
    }
    Ok(())
}

/// Why the source of a file is out of reach.
fn why_out_of_reach(run: &Run, step: &Step) -> Result<&'static str, Error> {
    Ok(match item::get(&run.job.db, step.item)?.item.key.source {
        SourceId::Picker => "it was picked, and can be fetched again only by `pick`",
        _ => "this sign-in has no leave to read its source",
    })
}

/// Fetches one file; nothing, where its source is out of reach.
async fn fetch_one(
    line: &Line,
    sources: &Sources,
    step: Step,
    want: Want,
) -> (Step, Option<Result<Fetched, Failure>>) {
    let Some(source) = sources.origin(want.item.key.source) else { return (step, None) };
    let fetched = transfer::fetch(line, &*source, want, &step.to).await;
    (step, Some(fetched))
}

/// Says whether it is Google as a whole that failed, and not what it has of the item.
const fn is_outage(failure: &Failure) -> bool {
    matches!(failure, Failure::Source(source::Error::Google(_)))
}

/// Puts what came in the place of what is wrong, if it is what was recorded.
fn take(
    run: &mut Run,
    told: &mut Verified,
    step: &Step,
    came: Result<Fetched, Failure>,
) -> Result<(), Error> {
    let recorded = file::at(&run.job.db, &step.to)?;
    let Some(recorded) = recorded else { return Ok(step::remove(&run.job.db, step.row)?) };
    match came {
        Ok(fetched) if fetched.digests.sha256 == recorded.sha256 => {
            restore(run, told, step, (recorded, fetched))
        }
        // What came stays in `partial/`: the next run need not fetch it.
        Ok(_) => leave(run, told, step, &recorded),
        Err(Failure::Disk(error)) if error.is_full() || error.is_read_only() => Err(error.into()),
        Err(Failure::Source(source::Error::Google(error))) => {
            run.tell(Event::Note(&google_words(&step.to, &error)));
            leave(run, told, step, &recorded)
        }
        Err(failure) => {
            let there = check::look(&run.job.archive, &step.to)?;
            let wrong = if there.is_some() { Wrong::Damaged } else { Wrong::Missing };
            run.tell(Event::Note(&left_as_is(&step.to, wrong, &in_words(&failure))));
            Ok(step::remove(&run.job.db, step.row)?)
        }
    }
}

fn google_words(path: &ArchivePath, error: &google::Error) -> String {
    format!("{} could not be fetched again: {error}", printable(path.as_str()))
}

fn restore(
    run: &mut Run,
    told: &mut Verified,
    step: &Step,
    (recorded, fetched): (Recorded, Fetched),
) -> Result<(), Error> {
    let (archive, now) = (run.job.archive.clone(), run.now());
    let shelf = check::edited_shelf(now);
    let aside = archive.place_on_shelf(&step.to, &shelf, &HashSet::new())?;
    let ready = fetched.ready.clone();
    let placing = Placing { ready, path: step.to.clone(), replaces: Some(aside) };
    let placed = match archive.place(&[placing]).pop() {
        Some(Ok(placed)) => placed,
        Some(Err(error)) if error.is_full() || error.is_read_only() => return Err(error.into()),
        // A folder is in its place: the next run gives the file another name.
        Some(Err(_)) | None => return leave(run, told, step, &recorded),
    };
    let when = run.moment();
    run.in_transaction(|db| {
        let what = if placed.trashed.is_some() { What::Edited } else { What::Missing };
        let detail = placed.trashed.as_ref().map(ArchivePath::as_str);
        history::add(db, when, what, step.to.as_str(), detail)?;
        history::add(db, when, What::Restored, step.to.as_str(), None)?;
        file::set_mtime(db, &step.to, placed.mtime_ns)?;
        turn::set_file(db, recorded.row, when.at)?;
        Ok(step::remove(db, step.row)?)
    })?;
    run.tally.bytes += fetched.received;
    run.tally.changed += 1;
    told.repaired += 1;
    let (path, size_bytes) = (&step.to, placed.size_bytes);
    run.tell(Event::Saved { path, size_bytes, replaced: placed.trashed.is_some() });
    Ok(())
}

/// Leaves everything to the next run that was planned and not done.
fn leave_all(run: &mut Run, told: &mut Verified) -> Result<(), Error> {
    loop {
        let batch = step::of_kind(&run.job.db, Kind::Fetch, 0, BATCH)?;
        if batch.is_empty() {
            return Ok(());
        }
        for step in batch {
            match file::at(&run.job.db, &step.to)? {
                Some(recorded) => leave(run, told, &step, &recorded)?,
                None => step::remove(&run.job.db, step.row)?,
            }
        }
    }
}

/// Has the next run fetch a file that was planned to be fetched in this one.
fn leave(
    run: &mut Run,
    told: &mut Verified,
    step: &Step,
    recorded: &Recorded,
) -> Result<(), Error> {
    let job = &run.job;
    set_aside((&job.archive, &job.db, &*job.monitor), run.moment(), recorded)?;
    told.for_next_run += 1;
    Ok(step::remove(&run.job.db, step.row)?)
}

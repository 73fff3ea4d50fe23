//! Fetches what is due, several files at a time, and lands them in batches.
//!
//! Transfers hand back what became of them; only this loop touches the index.

use std::collections::VecDeque;
use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinSet, block_in_place};

use super::bandwidth::Bandwidth;
use super::landing::{self, Came, Landing};
use super::run::Run;
use super::sources::Sources;
use super::transfer::{self, Failure, Fetched, Line};
use super::{Error, Event, Phase, dry_run, matching};
use crate::google;
use crate::index::file;
use crate::index::item::{self, Known};
use crate::index::problem;
use crate::index::step::{self, Kind, Step};
use crate::index::trash::{self, Trashed};
use crate::media::Told;
use crate::model::{Form, Item, SourceId};
use crate::source::{self, Source, Want};
use crate::{archive, media, plan};

/// How many steps are read at a time.
const BATCH: u32 = 256;

/// How many files, and how many bytes, may wait to be landed together.
const LANDING_FILES: usize = 64;
const LANDING_BYTES: u64 = 64 << 20;

/// How many finished files may wait while others are landed. Fetching stops there.
const WAITING_FILES_MAX: usize = 4 * LANDING_FILES;

/// When no other file was finished for so long, those that wait are landed.
const LANDING_WAIT: Duration = Duration::from_secs(1);

/// After how many transfers in a row that Google failed the run stops: each has tried
/// for half a minute.
const OUTAGES_MAX: usize = 16;

/// What is on its way of one run.
struct Fetching {
    line: Arc<Line>,
    tasks: JoinSet<(Landing, Result<Fetched, Failure>)>,
    waiting: VecDeque<Step>,
    /// The last step that was read from the index.
    after: i64,
    landed: Vec<(Landing, Fetched)>,
    /// The batch that is given its places while others are fetched: one at a time.
    placing: JoinSet<Vec<Came>>,
    /// How many transfers in a row Google failed, whatever they tried.
    outages: usize,
}

/// Fetches everything that is due.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return dry_run::fetches(run);
    }
    let (files, bytes) = run.steps(Kind::Fetch)?;
    if files == 0 || Sources::of_job(&run.job).all().next().is_none() {
        return Ok(());
    }
    run.phase(Phase::Fetching { files, bytes });
    let line = Line {
        archive: run.job.archive.clone(),
        monitor: Arc::clone(&run.job.monitor),
        clock: Arc::clone(&run.job.clock),
        bandwidth: run.job.options.bytes_per_second.map(|rate| Bandwidth::new(rate, run.now())),
    };
    let mut fetching = Fetching {
        line: Arc::new(line),
        tasks: JoinSet::new(),
        waiting: VecDeque::new(),
        after: 0,
        landed: Vec::new(),
        placing: JoinSet::new(),
        outages: 0,
    };
    let result = fetching.run_to_end(run).await;
    // Partial files of transfers that are cut here are gone on with at the next run.
    fetching.tasks.shutdown().await;
    result.and(fetching.land_all(run).await)
}

impl Fetching {
    async fn run_to_end(&mut self, run: &mut Run) -> Result<(), Error> {
        let mut stop = run.job.stop.clone();
        loop {
            run.may_go_on()?;
            self.fill(run)?;
            if self.has_enough_to_land() && self.placing.is_empty() {
                self.place(run)?;
            }
            if self.tasks.is_empty() && self.placing.is_empty() && self.waiting.is_empty() {
                return Ok(());
            }
            let may_land = !self.landed.is_empty() && self.placing.is_empty();
            let clock = Arc::clone(&self.line.clock);
            tokio::select! {
                Some(done) = self.tasks.join_next() => self.take(run, done)?,
                Some(came) = self.placing.join_next() => self.record(run, came)?,
                Ok(()) = stop.changed() => {}
                () = clock.sleep(LANDING_WAIT), if may_land => self.place(run)?,
            }
        }
    }

    fn has_enough_to_land(&self) -> bool {
        let bytes: u64 = self.landed.iter().map(|(_, it)| it.ready.size_bytes()).sum();
        self.landed.len() >= LANDING_FILES || bytes >= LANDING_BYTES
    }

    /// Keeps as many transfers going as there may be. Pointers are finished at once,
    /// and must not gather without bound.
    fn fill(&mut self, run: &mut Run) -> Result<(), Error> {
        let most = run.job.options.transfers;
        while self.tasks.len() < most && self.landed.len() < WAITING_FILES_MAX {
            if self.waiting.is_empty() {
                let more = step::of_kind(&run.job.db, Kind::Fetch, self.after, BATCH)?;
                Self::look_ahead(run, &more)?;
                self.waiting.extend(more);
            }
            let Some(step) = self.waiting.pop_front() else { return Ok(()) };
            self.after = step.row;
            self.begin(run, step)?;
        }
        Ok(())
    }

    /// Tells each source what it will be asked for.
    fn look_ahead(run: &Run, steps: &[Step]) -> Result<(), Error> {
        let Some((first, last)) = steps.first().zip(steps.last()) else { return Ok(()) };
        for (id, source) in Sources::of_job(&run.job).all() {
            let rows = (first.row, last.row);
            source.look_ahead(&step::remote_ids(&run.job.db, Kind::Fetch, id, rows)?);
        }
        Ok(())
    }

    fn begin(&mut self, run: &mut Run, step: Step) -> Result<(), Error> {
        let known = item::get(&run.job.db, step.item)?;
        // A source that is left out in this run: its items wait.
        let source = Sources::of_job(&run.job).of(known.item.key.source);
        let Some(source) = source else { return Ok(()) };
        let older = file::held_by(&run.job.db, step.item)?.map(|held| held.path);
        let landing = Landing::new(&known, step, older);
        if known.form == Some(Form::Pointer) {
            match stage_pointer(run, &known.item) {
                Ok(fetched) => self.landed.push((landing, fetched)),
                Err(error) => return self.fail(run, &landing, error.into()),
            }
        } else {
            let trashed = trash::returning(&run.job.db, landing.item, &landing.revision)?;
            self.spawn(source, known, landing, trashed);
        }
        Ok(())
    }

    fn spawn(
        &mut self,
        source: Arc<dyn Source>,
        known: Known,
        landing: Landing,
        trashed: Option<Trashed>,
    ) {
        let line = Arc::clone(&self.line);
        let want = Want {
            revision: landing.revision.clone(),
            export: known.form.as_ref().and_then(Form::mime_type).map(str::to_owned),
            item: known.item,
            from_byte: 0,
        };
        self.tasks.spawn(async move {
            let taken = trashed
                .map(|trashed| block_in_place(|| transfer::take_back(&line, &want, trashed)));
            let fetched = match taken.transpose() {
                Ok(Some(Some(fetched))) => Ok(fetched),
                Ok(_) => transfer::fetch(&line, &*source, want, &landing.path).await,
                Err(error) => Err(error.into()),
            };
            (landing, fetched)
        });
    }

    fn take(
        &mut self,
        run: &mut Run,
        done: Result<(Landing, Result<Fetched, Failure>), tokio::task::JoinError>,
    ) -> Result<(), Error> {
        match done {
            Ok((landing, Ok(fetched))) => {
                self.outages = 0;
                run.tally.bytes += fetched.received;
                match matching::arrived(run, landing.item, &fetched)? {
                    Some(held_by) => {
                        run.tally.recognised += 1;
                        let path = &landing.path;
                        run.tell(Event::Recognised { path, held_by: &held_by });
                    }
                    None => self.landed.push((landing, fetched)),
                }
                Ok(())
            }
            Ok((landing, Err(failure))) => self.fail(run, &landing, failure),
            // A transfer that panicked: a bug, and it must not look like a success.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }

    /// Records that an item could not be saved; stops the run where all others
    /// would fail as well.
    fn fail(&mut self, run: &mut Run, landing: &Landing, failure: Failure) -> Result<(), Error> {
        let outage = is_outage(&failure);
        self.outages = if outage { self.outages + 1 } else { 0 };
        let reason = in_words(&failure);
        let (when, path) = (run.moment(), landing.path.as_str());
        run.in_transaction(|db| {
            problem::put(db, when, &landing.key, path, &reason)?;
            Ok(step::remove(db, landing.step)?)
        })?;
        run.tally.failed += 1;
        run.is_behind |=
            matches!(failure, Failure::NotAsStated { .. } | Failure::Source(source::Error::Gone));
        run.tell(Event::Failed { key: &landing.key, path, reason: &reason });
        let is_over = self.outages >= OUTAGES_MAX;
        match failure {
            Failure::Source(error) if is_over || concerns_all(&error) => {
                self.give_up(run, landing.key.source, error.into())
            }
            Failure::Disk(error) if error.is_full() || error.is_read_only() => Err(error.into()),
            Failure::Source(_) | Failure::Disk(_) | Failure::NotAsStated { .. } => Ok(()),
        }
    }

    /// Fetches nothing more of a source of which all else would fail as well. With the
    /// last of them the run ends.
    fn give_up(&mut self, run: &mut Run, source: SourceId, error: Error) -> Result<(), Error> {
        self.outages = 0;
        // Of those that were on their way when it was given up.
        if run.is_out(source) {
            return Ok(());
        }
        if Sources::of_job(&run.job).all().count() == 1 {
            return Err(error);
        }
        run.unless_given_up(source, Err::<(), _>(error))?;
        Ok(())
    }

    /// Begins to land what is fetched.
    fn place(&mut self, run: &mut Run) -> Result<(), Error> {
        let mut batch = std::mem::take(&mut self.landed);
        landing::announce(run, &mut batch)?;
        let archive = run.job.archive.clone();
        self.placing.spawn_blocking(move || landing::place(&archive, batch));
        Ok(())
    }

    fn record(
        &mut self,
        run: &mut Run,
        came: Result<Vec<Came>, tokio::task::JoinError>,
    ) -> Result<(), Error> {
        let came = came.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        for (landing, failure) in landing::record(run, came)? {
            self.fail(run, &landing, failure)?;
        }
        Ok(())
    }

    /// Lands all that is fetched.
    async fn land_all(&mut self, run: &mut Run) -> Result<(), Error> {
        loop {
            while let Some(came) = self.placing.join_next().await {
                self.record(run, came)?;
            }
            if self.landed.is_empty() {
                return Ok(());
            }
            self.place(run)?;
        }
    }
}

/// Stages the small file that stands for a document which Google does not export.
pub(super) fn stage_pointer(run: &Run, item: &Item) -> Result<Fetched, archive::Error> {
    let text = plan::pointer(&format!("https://drive.google.com/open?id={}", item.key.id));
    let name = archive::PartialName::of(&format!("{} {} pointer", item.key.source, item.key.id));
    let ready = run.job.archive.stage_bytes(&name, text.as_bytes(), item.modified_at)?;
    let mut hasher = media::Hasher::default();
    hasher.update(text.as_bytes());
    let digests = hasher.finish();
    Ok(Fetched { ready, digests, told: Told::default(), received: 0, from_trash: None })
}

/// Says whether Google was not there, or not itself, for all that the client tried.
fn is_outage(failure: &Failure) -> bool {
    match failure {
        Failure::Source(source::Error::Google(error)) => {
            matches!(error, google::Error::Unreachable { .. })
                || error.status().is_some_and(|status| status >= 500 || status == 429)
        }
        _ => false,
    }
}

/// Says whether every other item would fail as well.
fn concerns_all(error: &source::Error) -> bool {
    let source::Error::Google(error) = error else { return false };
    error.is_sign_in() || error.is_daily_limit()
}

/// The failure with its causes, in one line.
pub(super) fn in_words(failure: &Failure) -> String {
    let mut words = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = error.source();
    }
    words
}

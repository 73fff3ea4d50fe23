//! One run: what it has in hand, and the order of its parts.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use tokio::sync::watch;

use super::budget::Budget;
use super::sources::Sources;
use super::{
    Effect, Error, Event, Monitor, Options, Phase, Reach, Summary, Tally, adoption, albums, check,
    crawl, dry_run, evidence, fetch, layout, limits, links, matching, months, moves, pick, rebuild,
    reclaim, recovery, removal, returning, seating, sharing, takeout, xmp,
};
use crate::archive::Archive;
use crate::google::Clock;
use crate::index::history::Moment;
use crate::index::problem::Whose;
use crate::index::run::RunId;
use crate::index::{self, coverage, file, health, problem, step, transaction};
use crate::model::{ItemKey, SourceId};
use crate::plan::AlbumMode;
use crate::source::drive::Drive;
use crate::source::photos::Photos;
use crate::source::picker::Picker;
use crate::source::takeout::Takeout;

/// Becomes true when a person wants the run to stop.
pub type Stop = watch::Receiver<bool>;

/// What a run is given.
pub struct Job {
    /// The disk. Its lock is held.
    pub archive: Archive,
    /// The index.
    pub db: Connection,
    /// Google Drive; `None` where it is left out.
    pub drive: Option<Arc<Drive>>,
    /// Google Photos; `None` where it is left out.
    pub photos: Option<Arc<Photos>>,
    /// Google Takeout's exports; `None` where they are left alone.
    pub takeout: Option<Arc<Takeout>>,
    /// Google's Picker, in a run that fetches what is chosen in it.
    pub picker: Option<Arc<Picker>>,
    /// Who says whose account it is, also where Drive is left out; `None` where nothing
    /// is asked of Google.
    pub identity: Option<Drive>,
    /// Sources that cannot even be asked, and why not.
    pub given_up: Vec<(SourceId, Error)>,
    /// The OAuth client, or the service account, that the run signs in with.
    pub client_id: String,
    /// What to do.
    pub options: Options,
    /// Who is told.
    pub monitor: Arc<dyn Monitor>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether to stop.
    pub stop: Stop,
    /// Counts the requests sent so far.
    pub requests: Box<dyn Fn() -> u64 + Send>,
}

/// What became of a run.
#[derive(Debug)]
pub struct Ended {
    /// What was done.
    pub summary: Summary,
    /// What stopped it, if something did.
    pub error: Option<Error>,
}

/// A run that is going on.
#[expect(clippy::struct_excessive_bools, reason = "each is noticed by another part of the run")]
pub(super) struct Run {
    pub(super) job: Job,
    pub(super) id: RunId,
    pub(super) tally: Tally,
    /// The sources that did not tell everything: nothing may be concluded from what they
    /// left out.
    pub(super) doubted: BTreeSet<SourceId>,
    /// This run's sign-in does not say whose account it is, and the archive is of one
    /// that is known.
    pub(super) is_stranger: bool,
    /// Something on the disk was not as it was recorded, or could not be done there.
    pub(super) doubtful: bool,
    /// The sources that failed whole, or in a part of what is read of them.
    pub(super) failures: Vec<(SourceId, Error)>,
    /// Something that was fetched was no longer what was listed: life goes on while a
    /// long run does.
    pub(super) is_behind: bool,
    /// Why nothing was removed, though much is gone.
    pub(super) refused: Option<Error>,
    /// The index knows something that it did not know before this run.
    pub(super) learnt: bool,
    /// Something changed by which it is counted what the archive holds.
    pub(super) changed: Arc<AtomicBool>,
    /// What Photos may still be asked today.
    pub(super) budget: Budget,
    /// The last run was killed: what it noted for the manifest is in no memory any more.
    pub(super) follows_killed: bool,
    /// Rows of items of which the manifest has to tell anew.
    pub(super) noted: Vec<i64>,
    /// Items of which the index knows nothing any more, and the manifest does.
    pub(super) forgotten: Vec<ItemKey>,
    /// Why some files were left out that the disk has no room for.
    pub(super) no_room: Option<Error>,
    /// How albums were to be built, where this disk cannot.
    pub(super) albums_unmade: Option<AlbumMode>,
    /// How many bytes were adopted since that was last made durable.
    pub(super) adopted_bytes: u64,
    /// The sources that are read, and of which an earlier index may have known more.
    pub(super) rebuilding: BTreeSet<SourceId>,
    /// Items to fetch for which something was at their place that was not to be adopted.
    pub(super) unrecognised: u64,
    /// It fetches what a person picks, and reads no other source.
    pub(super) is_pick: bool,
}

/// Runs a backup to its end, and records it.
///
/// Nothing is lost where it stops: what is recorded is on the disk, and the
/// next run goes on from there.
pub async fn backup(job: Job) -> Ended {
    match Run::begin(job) {
        Ok(mut run) => {
            let result = run.all().await;
            run.end(result)
        }
        Err(error) => Ended::failed(error),
    }
}

impl Run {
    pub(super) fn begin(mut job: Job) -> Result<Self, Error> {
        // In one: were this run killed in between, the next would not know of the one before.
        let tx = job.db.transaction().map_err(index::Error::from)?;
        let follows_killed = index::run::close_killed(&tx)?;
        let id = index::run::begin(&tx, job.clock.now())?;
        tx.commit().map_err(index::Error::from)?;
        limits::narrow(&mut job)?;
        let failures = std::mem::take(&mut job.given_up);
        let changed = coverage::watch(&mut job.db)?;
        let budget = Budget::begin(&job)?;
        let is_pick = job.picker.is_some();
        Ok(Self {
            job,
            id,
            tally: Tally::default(),
            doubted: BTreeSet::new(),
            is_stranger: false,
            doubtful: false,
            failures,
            is_behind: false,
            refused: None,
            learnt: false,
            changed,
            budget,
            follows_killed,
            noted: Vec::new(),
            forgotten: Vec::new(),
            no_room: None,
            albums_unmade: None,
            adopted_bytes: 0,
            rebuilding: BTreeSet::new(),
            unrecognised: 0,
            is_pick,
        })
    }

    /// The whole of a run, in its order. Each part is whole before the next begins, and
    /// whatever stops one of them, the next run takes up what was recorded.
    async fn all(&mut self) -> Result<(), Error> {
        recovery::all(self)?;
        rebuild::begin(self)?;
        if self.job.options.reach != Reach::SkipIndex {
            transaction::hurry(&self.job.db, true)?;
            let read = crawl::all(self).await;
            transaction::hurry(&self.job.db, false)?;
            read?;
            // So that what the manifest tells of and the listing did not have is asked for, too.
            rebuild::remember(self)?;
            evidence::all(self).await?;
            let read = takeout::read(self).await;
            self.unless_given_up(SourceId::Takeout, read)?;
            adoption::read(self)?;
        }
        if Sources::of_job(&self.job).origins() == 0 && !self.failures.is_empty() {
            // Of those that were wanted none is left.
            return Ok(());
        }
        if self.job.options.reach == Reach::IndexOnly {
            return self.choose();
        }
        rebuild::remember(self)?;
        if !self.job.options.quick {
            check::files(self)?;
        }
        pick::give_up_waiting(self)?;
        self.apply().await?;
        if self.is_behind && crawl::catch_up(self).await? {
            self.apply().await?;
        }
        self.look_before_removal()?;
        if removal::all(self)? {
            // What shared a file with something that went needs a place of its own.
            self.apply().await?;
        }
        self.finish()
    }

    /// Makes the archive as the index says that it should be: Drive first, since Photos has
    /// a place only for what Drive does not hold.
    async fn apply(&mut self) -> Result<(), Error> {
        // Of a source that was not read to its end too little is known to move its files.
        if !self.is_out(SourceId::Drive) && !self.job.options.only_exports {
            layout::plan(self)?;
            links::remove_unwanted(self)?;
            moves::apply(self)?;
            fetch::all(self).await?;
        }
        takeout::apply(self).await?;
        adoption::apply(self)?;
        months::choose(self, SourceId::Picker)?;
        self.place(SourceId::Picker).await?;
        if self.job.options.photos.is_some() && !self.is_out(SourceId::Photos) {
            self.apply_photos().await?;
        }
        Ok(())
    }

    /// The same for Photos: what the archive holds already is neither named nor fetched.
    async fn apply_photos(&mut self) -> Result<(), Error> {
        // New originals first: copies of them make room, and hang nowhere from then on.
        matching::compare_new(self)?;
        months::reconsider(self, SourceId::Photos)?;
        months::choose(self, SourceId::Photos)?;
        if sharing::part(self, SourceId::Photos)? {
            // What was parted from its file hangs in a month of its own.
            months::choose(self, SourceId::Photos)?;
        }
        matching::before_fetch(self).await?;
        self.place_photos().await?;
        // The clips of the motion photos that came.
        while months::choose(self, SourceId::Photos)? {
            self.place_photos().await?;
        }
        Ok(())
    }

    async fn place_photos(&mut self) -> Result<(), Error> {
        reclaim::all(self).await?;
        self.place(SourceId::Photos).await
    }

    /// Gives the items of `source` their names, and fetches what is due.
    pub(super) async fn place(&mut self, source: SourceId) -> Result<(), Error> {
        layout::deal_all(self, source)?;
        moves::apply(self)?;
        fetch::all(self).await
    }

    /// Decides what is selected, of all that was read.
    fn choose(&mut self) -> Result<(), Error> {
        transaction::hurry(&self.job.db, true)?;
        let chosen = self.choose_hurriedly();
        transaction::hurry(&self.job.db, false)?;
        chosen
    }

    fn choose_hurriedly(&mut self) -> Result<(), Error> {
        if !self.is_out(SourceId::Drive) {
            seating::choose(self)?;
        }
        for source in SourceId::IN_MONTHS {
            if !self.is_out(source) {
                months::reconsider(self, source)?;
                months::choose(self, source)?;
            }
        }
        Ok(())
    }

    /// What stands for files of the trees, and what is told when all is done.
    fn finish(&mut self) -> Result<(), Error> {
        if self.is_dry() {
            return dry_run::albums(self);
        }
        albums::build(self)?;
        self.phase(Phase::Finishing);
        links::make(self)?;
        xmp::build(self)?;
        let when = self.moment();
        self.in_transaction(|db| Ok(problem::close_moot(db, when)?))?;
        self.tally.failed = problem::count(&self.job.db, &self.concerned())?;
        let (still_due, _) = self.steps(step::Kind::Fetch)?;
        if self.tally.failed == 0 && still_due == 0 {
            returning::recover(self)?;
            // Of older revisions, and of items that are gone.
            self.job.archive.forget_partials(|_| false)?;
        }
        rebuild::finish(self)
    }

    /// Nothing leaves the trees by the word of an index that is damaged: before anything does,
    /// SQLite looks through all of it.
    fn look_before_removal(&self) -> Result<(), Error> {
        if self.job.options.removal.is_none() || self.is_dry() {
            return Ok(());
        }
        let going = file::count_removable(&self.job.db, &SourceId::ALL, true)?;
        if going > 0 { Ok(health::check(&self.job.db)?) } else { Ok(()) }
    }

    /// Whose open problems are this run's: what was picked can be fetched only while it is
    /// being picked.
    pub(super) fn concerned(&self) -> Whose {
        let is_picker = |source: &SourceId| *source == SourceId::Picker;
        let sources = SourceId::ALL.into_iter().filter(|it| is_picker(it) == self.is_pick);
        Whose { sources: sources.collect(), run: self.is_pick.then_some(self.id) }
    }

    /// Whether what is planned is only told.
    pub(super) fn is_dry(&self) -> bool {
        self.job.options.effect == Effect::Told
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.job.clock.now()
    }

    /// The day in UTC, as the trash's folders are named.
    pub(super) fn today(&self) -> String {
        self.now().date_naive().to_string()
    }

    pub(super) fn moment(&self) -> Moment {
        Moment { run: self.id, at: self.now() }
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        self.job.monitor.on(event);
    }

    pub(super) fn phase(&self, phase: Phase) {
        self.tell(Event::Phase(phase));
    }

    /// Stops here if a person wants to.
    pub(super) fn may_go_on(&self) -> Result<(), Error> {
        if *self.job.stop.borrow() { Err(Error::Interrupted) } else { Ok(()) }
    }

    /// Waits for `work`, unless a person wants the run to stop: Google may ask for
    /// minutes of patience.
    pub(super) async fn unless_stopped<T>(
        &self,
        work: impl Future<Output = T>,
    ) -> Result<T, Error> {
        let mut stop = self.job.stop.clone();
        tokio::select! {
            done = work => Ok(done),
            Ok(_) = stop.wait_for(|stop| *stop) => Err(Error::Interrupted),
        }
    }

    pub(super) fn steps(&self, kind: step::Kind) -> Result<(u64, u64), Error> {
        Ok(step::totals(&self.job.db, kind)?)
    }
}

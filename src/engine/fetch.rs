//! Fetches what is due, several files at a time, and lands them in batches.
//!
//! Transfers hand back what became of them; only this loop touches the index.

mod failing;

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

pub(super) use self::failing::record_failure;
use super::at_once::{at_once, on_line};
use super::bandwidth::Bandwidth;
use super::bundle::Bundle;
use super::due::{self, Cursor, Due};
use super::gathering::Gathering;
use super::landing::{self, Came, Landing};
use super::outage::Outages;
use super::room::Room;
use super::run::Run;
use super::sources::Sources;
use super::transfer::{self, Failure, Fetched, Line};
use super::{Error, Event, Phase, dry_run, matching, returning};
use crate::index::item::Known;
use crate::index::step::{self, Kind};
use crate::index::trash::Trashed;
use crate::media::Told;
use crate::model::{Form, Item, Lies, Sha256, SourceId};
use crate::plan::{self, Fit};
use crate::source::{Origin, Want, Within};
use crate::{archive, media};

/// What lies in an archive and is longer is not read together with what lies near it.
const LARGE_BYTES: u64 = 4 << 20;

/// When no other file was finished for so long, those that wait are landed.
const LANDING_WAIT: Duration = Duration::from_secs(1);

/// What became of a transfer.
type Done = (Landing, Result<Fetched, Failure>);

/// What is on its way of one run.
struct Fetching {
    line: Arc<Line>,
    tasks: JoinSet<Vec<Done>>,
    waiting: VecDeque<Due>,
    /// The last step that was begun.
    after: Cursor,
    /// What lies near each other in an archive, to be read together.
    bundle: Bundle,
    /// Whether that lies on this machine.
    is_local: bool,
    landed: Gathering<(Landing, Fetched)>,
    /// The batch that is given its places while others are fetched: one at a time.
    placing: JoinSet<Vec<Came>>,
    /// Whether anything was fetched so far.
    has_come: bool,
    /// The bytes of what came from archives and has no place yet: what has the same waits.
    unplaced: HashSet<Sha256>,
    outages: Outages,
    /// A source that may be away, and the error that made it look so.
    suspected: Option<(SourceId, Error)>,
    room: Room,
}

/// Fetches everything that is due.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    from(run, Cursor::Steps(0)).await
}

/// Fetches what is due and lies in archives, in the order in which it lies there.
pub(super) async fn packed(run: &mut Run) -> Result<(), Error> {
    from(run, Cursor::Packed(0, 0)).await
}

async fn from(run: &mut Run, after: Cursor) -> Result<(), Error> {
    if run.is_dry() {
        return dry_run::fetches(run);
    }
    let (files, bytes) = run.steps(Kind::Fetch)?;
    if files == 0 || Sources::of_job(&run.job).origins() == 0 {
        return Ok(());
    }
    run.phase(Phase::Fetching { files, bytes });
    let line = Line {
        archive: run.job.archive.clone(),
        monitor: Arc::clone(&run.job.monitor),
        clock: Arc::clone(&run.job.clock),
        bandwidth: run.job.options.bytes_per_second.map(|rate| Bandwidth::new(rate, run.now())),
        partials: run.job.archive.partials()?,
    };
    let mut fetching = Fetching {
        line: Arc::new(line),
        tasks: JoinSet::new(),
        waiting: VecDeque::new(),
        after,
        bundle: Bundle::default(),
        is_local: false,
        landed: Gathering::default(),
        placing: JoinSet::new(),
        has_come: false,
        unplaced: HashSet::new(),
        outages: Outages::default(),
        suspected: None,
        room: Room::look(run, bytes)?,
    };
    let result = fetching.run_to_end(run).await;
    // Partial files of transfers that are cut here are gone on with at the next run.
    fetching.tasks.shutdown().await;
    let landed = fetching.land_all(run).await;
    run.no_room = fetching.room.lacking().or(run.no_room.take());
    result.and(landed)
}

impl Fetching {
    async fn run_to_end(&mut self, run: &mut Run) -> Result<(), Error> {
        let mut stop = run.job.stop.clone();
        loop {
            run.may_go_on()?;
            self.look_into(run).await?;
            self.fill(run)?;
            if self.landed.is_due(run.now()) && self.placing.is_empty() {
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

    fn gather(&mut self, run: &Run, landing: Landing, fetched: Fetched) {
        let bytes = fetched.ready.size_bytes();
        self.landed.push((landing, fetched), bytes, run.now());
    }

    /// Keeps as many transfers going as there may be, and as many more that wait until they
    /// may ask again, for their turn, or for the disk. Pointers are finished at once, and
    /// must not gather without bound.
    fn fill(&mut self, run: &mut Run) -> Result<(), Error> {
        let most = at_once(on_line(run.job.options.transfers, self.is_local), self.has_come);
        while self.tasks.len() < most && !self.landed.is_full() {
            if self.waiting.is_empty() {
                let after = self.after;
                self.waiting = run.in_transaction(|db| due::read(db, after))?;
                Self::look_ahead(run, &self.waiting)?;
            }
            let Some(due) = self.waiting.pop_front() else {
                self.open_bundle(run);
                return Ok(());
            };
            let fit = self.room.fit(run, &due.step)?;
            if fit == Fit::Waits {
                self.open_bundle(run);
            }
            match fit {
                Fit::Fits => {
                    self.after = due.cursor;
                    self.begin(run, due)?;
                }
                Fit::Waits if !self.is_idle() => {
                    self.waiting.push_front(due);
                    return Ok(());
                }
                // Where nothing is on its way there is nothing to wait for.
                Fit::Waits | Fit::Lacks => {
                    self.after = due.cursor;
                    self.leave_out(run, due.step)?;
                }
            }
        }
        Ok(())
    }

    /// Tells each source what it will be asked for.
    fn look_ahead(run: &Run, due: &VecDeque<Due>) -> Result<(), Error> {
        let (Some(first), Some(last)) = (due.front(), due.back()) else { return Ok(()) };
        for (id, source) in Sources::of_job(&run.job).all() {
            let rows = (first.step.row, last.step.row);
            source.look_ahead(&step::remote_ids(&run.job.db, Kind::Fetch, id, rows)?);
        }
        Ok(())
    }

    /// Whether nothing is on its way that would make room.
    fn is_idle(&self) -> bool {
        self.tasks.is_empty() && self.placing.is_empty() && self.landed.is_empty()
    }

    fn begin(&mut self, run: &mut Run, due: Due) -> Result<(), Error> {
        let Due { cursor, step, known, older, trashed } = due;
        // A source that is left out in this run: its items wait.
        let source = Sources::of_job(&run.job).origin(known.item.key.source);
        let Some(source) = source.filter(|_| is_wanted(run, &known)) else {
            self.room.came(step.item, false);
            return Ok(());
        };
        let landing = Landing::new(&known, step, older);
        if known.form == Some(Form::Pointer) {
            match stage_pointer(run, &known.item) {
                Ok(fetched) => self.gather(run, landing, fetched),
                Err(error) => return self.fail(run, &landing, error.into()),
            }
        } else {
            let want = due::want(&run.job.db, known, landing.revision.clone())?;
            let is_takeout = want.item.key.source == SourceId::Takeout;
            if is_takeout && !is_in_turn(run, &want, cursor) {
                self.room.came(landing.item, false);
                return Ok(());
            }
            let is_begun = |want: &Want| self.line.partials.contains(&transfer::name_of(want));
            let may_join = want.within.is_some() && !is_large(&want);
            if trashed.is_none() && may_join && !is_begun(&want) {
                self.join_bundle(run, &source, (landing, want));
                return Ok(());
            }
            if let Some(trashed) = &trashed {
                returning::announce(run, trashed, &transfer::name_of(&want))?;
            }
            self.spawn(source, want, landing, trashed);
        }
        Ok(())
    }

    fn spawn(
        &mut self,
        source: Arc<dyn Origin>,
        want: Want,
        landing: Landing,
        trashed: Option<Trashed>,
    ) {
        let line = Arc::clone(&self.line);
        self.tasks.spawn(async move {
            let taken = match trashed {
                Some(trashed) => transfer::take_back(&line, &want, trashed).await,
                None => Ok(None),
            };
            let fetched = match taken {
                Ok(Some(fetched)) => Ok(fetched),
                Ok(None) => transfer::fetch(&line, &*source, want, &landing.path).await,
                Err(error) => Err(error.into()),
            };
            vec![(landing, fetched)]
        });
    }

    /// Has something be read together with what lies before it in an archive, and that be read
    /// which lies too far off.
    fn join_bundle(&mut self, run: &Run, origin: &Arc<dyn Origin>, one: (Landing, Want)) {
        if !self.bundle.takes(&**origin, &one.1) {
            self.open_bundle(run);
        }
        self.is_local = one.1.is_local();
        self.bundle.push(one);
    }

    fn open_bundle(&mut self, run: &Run) {
        let bundle = std::mem::take(&mut self.bundle);
        let origin = Sources::of_job(&run.job).origin(SourceId::Takeout);
        let Some(origin) = origin.filter(|_| !bundle.is_empty()) else { return };
        let line = Arc::clone(&self.line);
        self.tasks.spawn(async move { bundle.fetch(&line, &*origin).await });
    }

    fn take(
        &mut self,
        run: &mut Run,
        done: Result<Vec<Done>, tokio::task::JoinError>,
    ) -> Result<(), Error> {
        // A transfer that panicked: a bug, and it must not look like a success.
        let done = done.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        done.into_iter().try_for_each(|one| self.take_one(run, one))
    }

    fn take_one(&mut self, run: &mut Run, done: Done) -> Result<(), Error> {
        match done {
            (landing, Ok(fetched)) => {
                self.has_come = true;
                self.outages.succeeded(landing.key.source, landing.item);
                self.room.came(landing.item, true);
                run.tally.bytes += fetched.received;
                let held_by = matching::arrived(run, &landing, &fetched)?;
                match held_by {
                    Some(held_by) => {
                        run.tally.recognised += 1;
                        let path = &landing.path;
                        run.tell(Event::Recognised { path, held_by: &held_by });
                    }
                    None if self.waits_for_same(&landing, &fetched) => {
                        matching::discard(run, &fetched)?;
                    }
                    None => self.gather(run, landing, fetched),
                }
                Ok(())
            }
            (landing, Err(failure)) => self.fail(run, &landing, failure),
        }
    }

    /// Says whether the same bytes are about to get their place, for which its item can have them
    /// as well.
    fn waits_for_same(&mut self, landing: &Landing, fetched: &Fetched) -> bool {
        landing.key.source == SourceId::Takeout && !self.unplaced.insert(fetched.digests.sha256)
    }

    /// Begins to land what is fetched.
    fn place(&mut self, run: &mut Run) -> Result<(), Error> {
        let mut batch = self.landed.take();
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
        run.note_spent()?;
        let came = came.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        for (_, fetched, _) in &came {
            self.unplaced.remove(&fetched.digests.sha256);
        }
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

/// Says whether it is worth a request of its own, which can be gone on with in the middle.
fn is_large(want: &Want) -> bool {
    want.item.size_bytes.is_some_and(|size| size > LARGE_BYTES)
}

/// Says whether this run fetches anything of an item's source.
pub(super) fn is_wanted(run: &Run, known: &Known) -> bool {
    let is_taken_over = matches!(known.item.key.source, SourceId::Takeout | SourceId::Adopted);
    is_taken_over || !run.job.options.only_exports
}

/// Says whether what lies in an archive is fetched now: in the order in which it lies there, and
/// with what a person named on a disk nothing is asked of Drive.
fn is_in_turn(run: &Run, want: &Want, cursor: Cursor) -> bool {
    let Some(Within { part, .. }) = &want.within else { return false };
    let is_in_reach = run.job.drive.is_some() || matches!(part.lies, Lies::OnDisk(_));
    is_in_reach && matches!(cursor, Cursor::Packed(..))
}

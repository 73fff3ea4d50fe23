//! What becomes of an item that could not be fetched, and of the others of its source.

use chrono::TimeDelta;

use super::Fetching;
use crate::engine::landing::Landing;
use crate::engine::run::Run;
use crate::engine::setback::{concerns_all, in_words, is_for_today, rests};
use crate::engine::sources::Sources;
use crate::engine::transfer::Failure;
use crate::engine::{Error, Event, pick};
use crate::index::step::{self, Step};
use crate::index::{entry, item, problem};
use crate::model::SourceId;
use crate::source;

impl Fetching {
    /// Leaves out what the disk has no room for.
    pub(super) fn leave_out(&mut self, run: &mut Run, step: Step) -> Result<(), Error> {
        let reason = self.room.leave_out(run, &step)?;
        let known = item::get(&run.job.db, step.item)?;
        let landing = Landing::new(&known, step, None);
        record_failure(run, &landing, &reason, TimeDelta::zero())?;
        Ok(())
    }

    /// Records that an item could not be saved; stops the run where all others
    /// would fail as well.
    pub(super) fn fail(
        &mut self,
        run: &mut Run,
        landing: &Landing,
        failure: Failure,
    ) -> Result<(), Error> {
        let source = landing.key.source;
        run.is_behind |=
            matches!(failure, Failure::NotAsStated { .. } | Failure::Source(source::Error::Gone));
        match failure {
            // It is no fault of the item's, which waits like all others.
            Failure::Source(error) if is_for_today(&error) => {
                self.room.came(landing.item, false);
                self.give_up(run, source, error.into())
            }
            failure => {
                self.room.came(landing.item, false);
                let (reason, rests) = (in_words(&failure), rests(&failure, run.now()));
                let is_new = record_failure(run, landing, &reason, rests)?;
                let is_suspicious = self.outages.failed(source, &failure, is_new);
                if failure.is_of_archive() {
                    run.in_transaction(|db| Ok(entry::set_broken(db, landing.item)?))?;
                }
                match failure {
                    Failure::Source(error) if concerns_all(&error) => {
                        self.give_up(run, source, error.into())
                    }
                    Failure::Source(error) if is_suspicious => {
                        self.suspected = Some((source, error.into()));
                        Ok(())
                    }
                    Failure::Disk(error) if error.is_full() => self.room.was_full(error),
                    Failure::Disk(error) if error.is_read_only() => Err(error.into()),
                    _ => Ok(()),
                }
            }
        }
    }

    /// Gives up a source that is away.
    pub(super) async fn look_into(&mut self, run: &mut Run) -> Result<(), Error> {
        let Some((id, error)) = self.suspected.take() else { return Ok(()) };
        let Some(source) = Sources::of_job(&run.job).origin(id) else { return Ok(()) };
        if self.outages.is_away(run, id, source).await? {
            return self.give_up(run, id, error);
        }
        Ok(())
    }

    /// Fetches nothing more of a source of which all else would fail as well. With the
    /// last of them the run ends, unless it only has to wait for another day.
    fn give_up(&mut self, run: &mut Run, source: SourceId, error: Error) -> Result<(), Error> {
        self.outages.forget(source);
        // Of those that were on their way when it was given up.
        if run.is_out(source) {
            return Ok(());
        }
        let error = run.or_later(source, error);
        if Sources::of_job(&run.job).origins() == 1 && !matches!(error, Error::Later { .. }) {
            return Err(error);
        }
        run.unless_given_up(source, Err::<(), _>(error))?;
        Ok(())
    }
}

/// Records that an item could not be saved, and says whether that is so for the first time.
pub(in crate::engine) fn record_failure(
    run: &mut Run,
    landing: &Landing,
    reason: &str,
    rests: TimeDelta,
) -> Result<bool, Error> {
    let (when, path) = (run.moment(), landing.path.as_str());
    let reason = &*pick::with_next_step(landing.key.source, reason);
    let failed = problem::Failed { key: &landing.key, path, reason, rests };
    let attempts = run.in_transaction(|db| {
        let attempts = problem::put(db, when, &failed)?;
        step::remove(db, landing.step)?;
        Ok(attempts)
    })?;
    run.tally.failed += 1;
    run.tell(Event::Failed { key: &landing.key, path, reason });
    Ok(attempts == 1)
}

//! How a run ends, and what is recorded and told of it.

use std::sync::atomic::Ordering;

use super::run::{Ended, Run};
use super::sources::Sources;
use super::{Coverage, Error, Outcome, Reach, Summary, manifest};
use crate::index::{self, coverage, problem};

/// How many open problems a summary names.
const PROBLEMS_SHOWN: u32 = 100;

impl Ended {
    /// A run that could not begin.
    pub(super) fn failed(error: Error) -> Self {
        let summary = Summary { outcome: Outcome::Failed, ..Summary::default() };
        Self { summary, error: Some(error) }
    }
}

impl Run {
    /// Records how the run ended. What it did is recorded even where that fails.
    pub(super) fn end(mut self, result: Result<(), Error>) -> Ended {
        let kept = self.record_spent().and(manifest::keep(&mut self));
        let outcome = self.outcome(result.as_ref().err().or(kept.as_ref().err()));
        self.tally.requests = (self.job.requests)();
        // Before the run counts as finished: one that is killed here is followed by a count.
        let counted = self.count();
        let (db, now) = (&self.job.db, self.job.clock.now());
        let covered = self.cover(outcome);
        let finished = index::run::finish(db, self.id, now, outcome.as_str(), &self.tally);
        let summary = self.summary(outcome);
        let mut errors: Vec<_> = result.err().into_iter().chain(kept.err()).collect();
        errors.extend(counted.err());
        errors.extend(covered.err());
        errors.extend(finished.map_err(Error::from).err());
        errors.extend(self.refused.take());
        errors.extend(self.no_room.take());
        errors.extend(self.failures.into_iter().map(|(_, error)| error));
        let summary = summary.unwrap_or_else(|error| {
            errors.push(error);
            Summary { outcome: Outcome::Failed, ..Summary::default() }
        });
        Ended { summary, error: errors.into_iter().min_by_key(Error::cause) }
    }

    /// Records which sources the archive has all of by now.
    fn cover(&self, outcome: Outcome) -> Result<(), Error> {
        let options = &self.job.options;
        if outcome != Outcome::Complete || options.reach != Reach::Whole {
            return Ok(());
        }
        let sources: Vec<_> = Sources::of_job(&self.job).all().map(|(id, _)| id).collect();
        Ok(index::run::cover(&self.job.db, self.id, &sources, options.part)?)
    }

    /// Counts what the archive holds, unless all is as it was when that was last counted.
    fn count(&mut self) -> Result<(), Error> {
        let changed = self.follows_killed || self.changed.load(Ordering::Relaxed);
        if !changed && coverage::is_counted(&self.job.db)? {
            return Ok(());
        }
        self.in_transaction(|db| Ok(coverage::count(db)?))
    }

    fn summary(&self, outcome: Outcome) -> Result<Summary, Error> {
        Ok(Summary {
            outcome,
            dry_run: self.is_dry(),
            pick: self.is_pick,
            tally: self.tally.clone(),
            coverage: Coverage::read(&self.job.db, &coverage::counted(&self.job.db)?)?,
            albums_unmade: self.albums_unmade,
            problems: problem::open(&self.job.db, &self.concerned(), PROBLEMS_SHOWN)?,
        })
    }
}

//! How many requests Photos may still be sent today, counted across runs.
//!
//! Google allows a project 10,000 requests a day to the Photos Library API, and a library
//! of a million pictures takes more than that to read. What is left of a day is given to
//! the source as a number of requests; where it is spent, the source stops, and the next
//! run goes on from there (`docs/decisions/0017`).

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::run::Run;
use super::{Error, Job};
use crate::google;
use crate::index::spent;
use crate::model::SourceId;
use crate::plan::{next_pacific_day, pacific_day};
use crate::source;
use crate::source::photos::Photos;

/// What a day has if nobody says otherwise: Google's 10,000 less some room for what else
/// the person's project asks, and for what a killed run has not written down.
/// <https://developers.google.com/photos/overview/api-limits-quotas>
const DAILY: u64 = 9_500;

/// After so many requests the number is written down.
const NOTED_AFTER: u64 = 10;

/// What may be spent in a day, and what was.
pub(super) struct Budget {
    photos: Option<Arc<Photos>>,
    /// `None`: as much as one likes.
    daily: Option<u64>,
    day: NaiveDate,
    /// What was spent on that day before this run, or is not of this process.
    earlier: u64,
    /// Where the source's count stood when the day began for this run.
    base: u64,
    /// What the index has.
    noted: u64,
}

impl Budget {
    /// Reads what is left of today and tells the source.
    pub(super) fn begin(job: &Job) -> Result<Self, Error> {
        let day = pacific_day(job.clock.now());
        let (photos, earlier) = (job.photos.clone(), spent::get(&job.db, SourceId::Photos, day)?);
        // The limit is Google's; a server of one's own has only what a person wants it to.
        let is_googles = photos.as_ref().is_some_and(|photos| photos.is_googles());
        let daily = job.options.daily_requests.or(is_googles.then_some(DAILY));
        spent::forget(&job.db, SourceId::Photos, day)?;
        let base = photos.as_ref().map_or(0, |photos| photos.requests());
        let budget = Self { photos, daily, day, earlier, base, noted: earlier };
        budget.limit();
        Ok(budget)
    }

    fn limit(&self) {
        let Some((photos, daily)) = self.photos.as_ref().zip(self.daily) else { return };
        photos.limit(self.base + daily.saturating_sub(self.earlier));
    }

    /// What was spent by now, on the day that it is now.
    fn spent(&mut self, now: DateTime<Utc>) -> u64 {
        let count = self.photos.as_ref().map_or(0, |photos| photos.requests());
        let day = pacific_day(now);
        if day > self.day {
            (self.day, self.earlier, self.base, self.noted) = (day, 0, count, 0);
            self.limit();
        }
        self.earlier + (count - self.base)
    }
}

impl Run {
    /// Writes down what was spent, now and then.
    pub(super) fn note_spent(&mut self) -> Result<(), Error> {
        let spent = self.budget.spent(self.job.clock.now());
        if spent < self.budget.noted + NOTED_AFTER { Ok(()) } else { self.record_spent() }
    }

    /// Writes down what was spent, if that is not written down yet.
    pub(super) fn record_spent(&mut self) -> Result<(), Error> {
        let spent = self.budget.spent(self.job.clock.now());
        if spent > self.budget.noted {
            spent::put(&self.job.db, SourceId::Photos, self.budget.day, spent)?;
            self.budget.noted = spent;
        }
        Ok(())
    }

    /// The error of a source that has had enough for today, as one that only waits.
    pub(super) fn or_later(&self, source: SourceId, error: Error) -> Error {
        let said = match &error {
            Error::Source(source::Error::Google(google::Error::Spent)) => {
                let daily = self.budget.daily.unwrap_or_default();
                format!("the {daily} requests that it may be sent in a day are spent")
            }
            Error::Source(source::Error::Google(error))
                if source == SourceId::Photos && error.is_daily_limit() =>
            {
                format!("Google's limit for a day is reached ({error})")
            }
            _ => return error,
        };
        Error::Later { said, until: next_pacific_day(self.now()), now: self.now() }
    }
}

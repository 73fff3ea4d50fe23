//! What becomes of a run when one of its sources fails whole: the others go on.

use super::run::Run;
use super::sources::Sources;
use super::{Error, Event, Outcome};
use crate::model::SourceId;
use crate::plan::Doubt;

impl Run {
    /// Notes that a source failed in a part of what is read of it, and goes on with the
    /// rest of it.
    ///
    /// # Errors
    ///
    /// What is no source's failure: it stops the run.
    pub(super) fn unless_failed<T>(
        &mut self,
        source: SourceId,
        result: Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        match result {
            Ok(done) => Ok(Some(done)),
            Err(error @ (Error::Source(_) | Error::Later { .. })) => {
                let error = self.or_later(source, error);
                // What ends the run is told at its end.
                if self.job.drive.is_some() && self.job.photos.is_some() {
                    let words =
                        format!("{source} was not read to its end, the rest goes on: {error}");
                    self.tell(Event::Note(&words));
                }
                self.failures.push((source, error));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Notes that a source failed whole, and leaves it out of the rest of the run.
    ///
    /// # Errors
    ///
    /// What is no source's failure: it stops the run.
    pub(super) fn unless_given_up<T>(
        &mut self,
        source: SourceId,
        result: Result<T, Error>,
    ) -> Result<Option<T>, Error> {
        let done = self.unless_failed(source, result)?;
        match source {
            _ if done.is_some() => {}
            SourceId::Drive => self.job.drive = None,
            SourceId::Photos => self.job.photos = None,
            SourceId::Takeout => self.job.takeout = None,
            SourceId::Picker => self.job.picker = None,
            SourceId::Adopted => {}
        }
        Ok(done)
    }

    /// Says whether a source was to be read and could not be: nothing may be concluded
    /// from what the index knows of it, nor may its files be moved.
    pub(super) fn is_out(&self, source: SourceId) -> bool {
        let is_left = match source {
            SourceId::Drive => self.job.drive.is_some(),
            SourceId::Photos => self.job.photos.is_some(),
            SourceId::Takeout => self.job.takeout.is_some(),
            SourceId::Picker => self.job.picker.is_some(),
            SourceId::Adopted => true,
        };
        !is_left && self.failures.iter().any(|(failed, _)| *failed == source)
    }

    /// Why nothing of a source may be removed for what came up in this run, if so.
    pub(super) fn doubt_of(&self, source: SourceId) -> Option<Doubt> {
        let options = &self.job.options;
        let is_wanted = match source {
            SourceId::Drive => options.drive.is_some(),
            SourceId::Photos => options.photos.is_some(),
            SourceId::Picker | SourceId::Takeout | SourceId::Adopted => false,
        };
        let has_failed = self.failures.iter().any(|(failed, _)| *failed == source);
        [
            (!is_wanted, Doubt::LeftOut),
            (self.is_stranger, Doubt::Stranger),
            (has_failed, Doubt::Failed),
            (self.doubted.contains(&source), Doubt::Contradicted),
            (self.doubtful, Doubt::Disk),
        ]
        .into_iter()
        .find_map(|(is_so, doubt)| is_so.then_some(doubt))
    }

    /// How the run ended; `stopped_by` is what kept it from going to its end.
    pub(super) fn outcome(&self, stopped_by: Option<&Error>) -> Outcome {
        let is_left = Sources::of_job(&self.job).origins() > 0;
        let is_in_doubt = self.doubtful || !self.doubted.is_empty();
        let has_failed =
            self.failures.iter().any(|(_, error)| !matches!(error, Error::Later { .. }));
        match stopped_by {
            Some(Error::Interrupted) => Outcome::Interrupted,
            Some(_) => Outcome::Failed,
            None if has_failed && !is_left => Outcome::Failed,
            None if self.refused.is_some() => Outcome::Refused,
            None if is_in_doubt || self.tally.failed > 0 || !self.failures.is_empty() => {
                Outcome::Incomplete
            }
            None => Outcome::Complete,
        }
    }
}

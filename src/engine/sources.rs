//! The sources that a run has at hand. Asks them nothing.

use std::sync::Arc;

use super::Job;
use crate::model::SourceId;
use crate::source::drive::Drive;
use crate::source::photos::Photos;
use crate::source::picker::Picker;
use crate::source::takeout::Takeout;
use crate::source::{Origin, Source};

/// The sources that a run may ask.
#[derive(Clone)]
pub(super) struct Sources {
    drive: Option<Arc<Drive>>,
    photos: Option<Arc<Photos>>,
    takeout: Option<Arc<Takeout>>,
    picker: Option<Arc<Picker>>,
}

impl Sources {
    /// Those of `job`, as it is now.
    pub(super) fn of_job(job: &Job) -> Self {
        let (drive, photos) = (job.drive.clone(), job.photos.clone());
        Self { drive, photos, takeout: job.takeout.clone(), picker: job.picker.clone() }
    }

    /// Where the bytes of the items of that source are, if it may be asked.
    pub(super) fn origin(&self, source: SourceId) -> Option<Arc<dyn Origin>> {
        match source {
            SourceId::Takeout => self.takeout.clone().map(|takeout| takeout as Arc<dyn Origin>),
            SourceId::Picker => self.picker.clone().map(|picker| picker as Arc<dyn Origin>),
            source => Some(self.of(source)? as Arc<dyn Origin>),
        }
    }

    /// The source of that name, if it may be asked.
    pub(super) fn of(&self, source: SourceId) -> Option<Arc<dyn Source>> {
        match source {
            SourceId::Drive => self.drive.clone().map(|drive| drive as Arc<dyn Source>),
            SourceId::Photos => self.photos.clone().map(|photos| photos as Arc<dyn Source>),
            SourceId::Picker | SourceId::Takeout | SourceId::Adopted => None,
        }
    }

    /// How many of them bytes are to be had from.
    pub(super) fn origins(&self) -> usize {
        SourceId::ALL.into_iter().filter(|id| self.origin(*id).is_some()).count()
    }

    /// All that can be listed, with their names.
    pub(super) fn all(&self) -> impl Iterator<Item = (SourceId, Arc<dyn Source>)> + '_ {
        SourceId::ALL.into_iter().filter_map(|id| Some((id, self.of(id)?)))
    }
}

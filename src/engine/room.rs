//! Whether what is to be fetched fits on the disk: said before, and kept to.
//!
//! A disk is never filled to its last byte, so that the index can be written. What does not
//! fit is left out, told, and tried again by the next run; smaller files that fit are saved.

use std::collections::HashMap;

use super::run::Run;
use super::transfer::name_of;
use super::{Error, Event, due, layout};
use crate::archive::{self, Archive};
use crate::index::item::{self, Known};
use crate::index::{self, step::Step};
use crate::model::Form;
use crate::plan::{self, Fit};

/// After how many files in a row for which the disk was full the run stops: it may be a
/// quota, or that no more files can be made, which no free bytes tell of.
const FULL_MAX: u32 = 3;

/// The room that is left for files.
pub(super) struct Room {
    archive: Archive,
    /// How many bytes are left free.
    kept: u64,
    /// Whether there may be too little, so that each file is looked at.
    is_tight: bool,
    /// Of the items on their way: how many bytes are still to come.
    coming: HashMap<i64, u64>,
    /// How many files were left out, and their bytes.
    left_out: (u64, u64),
    /// How many in a row found the disk full, and what it said last.
    full: (u32, Option<archive::Error>),
}

impl Room {
    /// Looks whether `bytes` that are to be fetched fit, and says so if they do not.
    pub(super) fn look(run: &Run, bytes: u64) -> Result<Self, Error> {
        let archive = run.job.archive.clone();
        let space = archive.space()?;
        let kept = plan::kept_free(space.total, index::size_bytes(&run.job.db)?);
        let wanted = bytes.saturating_sub(archive.partial_bytes()?);
        let is_tight = plan::fit(wanted, space.free, kept, 0) != Fit::Fits;
        if is_tight {
            index::save_room(&run.job.db)?;
            run.tell(Event::Note(&format!(
                "the disk has too little room: {} are to be fetched, {} are free, and {} of these \
                 are kept for the index; what fits is saved, and what does not is left out: make \
                 room and run again",
                megabytes(wanted),
                megabytes(space.free),
                megabytes(kept)
            )));
        }
        let (coming, left_out, full) = Default::default();
        Ok(Self { archive, kept, is_tight, coming, left_out, full })
    }

    /// Says whether there is room for what `step` fetches.
    pub(super) fn fit(&mut self, run: &Run, step: &Step) -> Result<Fit, Error> {
        if !self.is_tight {
            return Ok(Fit::Fits);
        }
        let wanted = self.wanted(run, item::get(&run.job.db, step.item)?)?;
        let coming = self.coming.values().sum();
        let fit = plan::fit(wanted, self.archive.space()?.free, self.kept, coming);
        if fit == Fit::Fits {
            self.coming.insert(step.item, wanted);
        }
        Ok(fit)
    }

    /// How many bytes of an item are still to come. Of what states no length none are known.
    fn wanted(&self, run: &Run, known: Known) -> Result<u64, Error> {
        let (Some(Form::Bytes), Some(size)) = (&known.form, known.item.size_bytes) else {
            return Ok(0);
        };
        let revision = layout::wanted(&known);
        let name = name_of(&due::want(&run.job.db, known, revision)?);
        Ok(size.saturating_sub(self.archive.staged_bytes(&name)?))
    }

    /// Leaves out a file for which there is no room, and says why.
    pub(super) fn leave_out(&mut self, run: &Run, step: &Step) -> Result<String, Error> {
        let wanted = self.wanted(run, item::get(&run.job.db, step.item)?)?;
        self.left_out.0 += 1;
        self.left_out.1 += wanted;
        let free = self.archive.space()?.free.saturating_sub(self.kept);
        Ok(format!(
            "the disk has no room for it: it needs {}, and {} are left",
            megabytes(wanted),
            megabytes(free)
        ))
    }

    /// Notes that an item is fetched, or failed.
    pub(super) fn came(&mut self, item: i64, is_saved: bool) {
        self.coming.remove(&item);
        if is_saved {
            self.full.0 = 0;
        }
    }

    /// Notes that the disk was full when a file was written: a smaller one may fit.
    ///
    /// # Errors
    ///
    /// The same, if it was so for several in a row.
    pub(super) fn was_full(&mut self, error: archive::Error) -> Result<(), Error> {
        self.is_tight = true;
        self.full.0 += 1;
        if self.full.0 >= FULL_MAX {
            return Err(error.into());
        }
        self.full.1 = Some(error);
        Ok(())
    }

    /// What is to be told at the end, if something did not fit.
    pub(super) fn lacking(self) -> Option<Error> {
        let (files, bytes) = self.left_out;
        let left_out = || Error::NoRoom { files, needed: megabytes(bytes) };
        (files > 0).then(left_out).or(self.full.1.map(Error::Archive))
    }
}

/// Rounded up: what is told to be needed is enough.
fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}

//! Links and copies that are not right are made again, of files that are. What a person put
//! in their place stays there, or is set aside; nothing is deleted.

use chrono::DateTime;

use super::{Verifying, Wrong};
use crate::archive::{self, Copying, PartialName, Placing};
use crate::engine::{Error, Event, check};
use crate::index::album_link::Made;
use crate::index::file;
use crate::index::history::{self, Moment, What};
use crate::index::link::Link;
use crate::index::verification::{self as turn, Copied};
use crate::model::{ArchivePath, printable};

impl Verifying<'_> {
    /// Makes a symlink again, unless somebody's own file is in its place.
    pub(super) fn mend_link(&mut self, link: &Link) -> Result<(), Error> {
        if self.repairs.is_none() {
            return Ok(());
        }
        let (archive, Link { path, target }) = (self.on.archive, link);
        let there = check::look(archive, target)?;
        let (Some(there), Some(_)) = (there, file::at(self.on.db, target)?) else {
            self.told.for_next_run += 1;
            return Ok(());
        };
        let time = DateTime::from_timestamp_nanos(there.mtime_ns);
        match archive.symlink(path, &path.link_to(target), Some(time)) {
            Ok(()) => {
                archive.make_durable(std::slice::from_ref(path))?;
                self.told.repaired += 1;
                Ok(())
            }
            Err(error) => self.unless_of_one(path, error),
        }
    }

    /// Makes a copy in albums/ again, of bytes that are right.
    pub(super) fn mend_copy(&mut self, copied: &Copied, wrong: Wrong) -> Result<(), Error> {
        let Some(run) = self.repairs else { return Ok(()) };
        let Copied { path, target, made, .. } = copied;
        if self.read(target)?.is_none_or(|(sha256, _)| sha256 != made.sha256) {
            self.told.for_next_run += 1;
            return Ok(());
        }
        let now = self.on.clock.now();
        let aside = match wrong {
            Wrong::Missing => None,
            _ => Some(check::put_aside(self.on.archive, path, now)?),
        };
        let renewed = match self.make_copy(copied) {
            Ok(renewed) => renewed,
            Err(error) => return self.unless_of_one(path, error),
        };
        let moment = Moment { run, at: now };
        self.in_transaction(|db| {
            let what = if aside.is_some() { What::Edited } else { What::Missing };
            let detail = aside.as_ref().map(ArchivePath::as_str);
            history::add(db, moment, what, path.as_str(), detail)?;
            turn::renew_copy(db, path, renewed)
        })?;
        self.told.repaired += 1;
        Ok(())
    }

    fn make_copy(&self, copied: &Copied) -> Result<Made, archive::Error> {
        let (archive, Copied { path, target, mode, made }) = (self.on.archive, copied);
        if mode == "hardlink" {
            archive.hard_link(target, path)?;
            archive.make_durable(std::slice::from_ref(path))?;
        } else {
            let how = if mode == "reflink" { Copying::Reflink } else { Copying::Bytes };
            let ready = archive.stage_copy(target, &PartialName::of(path.as_str()), how)?;
            let placing = Placing { ready, path: path.clone(), replaces: None };
            archive.place(&[placing]).into_iter().collect::<Result<Vec<_>, _>>()?;
        }
        let seen = archive.look(path)?;
        let mtime_ns = seen.map_or(made.mtime_ns, |seen| seen.mtime_ns);
        Ok(Made { mtime_ns, ..*made })
    }

    /// What fails for one link or copy alone is told.
    fn unless_of_one(&self, path: &ArchivePath, error: archive::Error) -> Result<(), Error> {
        if error.is_full() || error.is_read_only() {
            return Err(error.into());
        }
        let path = printable(path.as_str());
        self.tell(Event::Note(&format!("{path} was not made again: {error}")));
        Ok(())
    }
}

//! Reads the saved files and compares them with what was recorded when they were
//! saved. Asks nothing of Google and fetches nothing.
//!
//! With `repair` it sees to it that the next run fetches again what is wrong, as far
//! as Google still has it: bytes that are not right are moved to the folder of the
//! trash that is never purged, and nothing is deleted.

use std::fs::File;
use std::io::Read as _;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use sha2::Digest as _;

use super::{Error, Event, Monitor, Outcome, Phase, Stop, Tally, check};
use crate::archive::{self, Archive, Seen, Sort};
use crate::google::Clock;
use crate::index::file::{self, Recorded};
use crate::index::history::{Moment, What};
use crate::index::link::{self, Link};
use crate::index::{self, step};
use crate::model::{ArchivePath, Sha256, printable};
use crate::plan::Sample;

/// How many files, or links, are read from the index at a time.
const BATCH: u32 = 1000;

/// How many bytes are read at a time, and how often a person may stop it.
const CHUNK_BYTES: usize = 1 << 20;

/// What a verification is given.
pub struct Verification {
    /// The disk. Its lock is held.
    pub archive: Archive,
    /// The index; only with `repair` is it written to.
    pub db: Connection,
    /// Who is told.
    pub monitor: Arc<dyn Monitor>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether to stop.
    pub stop: Stop,
    /// Which files are read whole; all are looked for.
    pub sample: Sample,
    /// Whether the next run is to fetch again what is wrong.
    pub repair: bool,
}

/// What is wrong with a file or a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// It is not there, or something else is in its place.
    Missing,
    /// Its bytes are others, though its length and time are as they were: the disk has
    /// lost them.
    Damaged,
    /// Its bytes are others, and so is its length or its time: somebody changed it.
    Changed,
    /// The disk does not give its bytes.
    Unreadable,
    /// A link is missing, or leads nowhere.
    Link,
}

impl Wrong {
    /// The word for it, for people and programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Damaged => "damaged",
            Self::Changed => "changed",
            Self::Unreadable => "unreadable",
            Self::Link => "link",
        }
    }
}

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files that were looked for.
    pub files: u64,
    /// Files that were read whole.
    pub read: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How often what was wrong.
    pub wrong: std::collections::BTreeMap<Wrong, u64>,
    /// Files that the next run will fetch again.
    pub repaired: u64,
}

struct Verifying {
    given: Verification,
    day: i64,
    so_far: Verified,
    /// When there was something to repair: as part of which run it is recorded.
    repairing: Option<Moment>,
}

/// Verifies the archive; what was found so far is told also where it is stopped.
///
/// # Errors
///
/// The error is of the index, or of the disk as a whole, or that a person stopped it.
/// What is wrong with a file is counted and told.
pub fn verify(given: Verification) -> (Verified, Result<(), Error>) {
    let day = given.clock.now().timestamp().div_euclid(24 * 60 * 60);
    let mut verifying = Verifying { given, day, so_far: Verified::default(), repairing: None };
    let done = verifying.files().and_then(|()| verifying.links());
    let ended = verifying.end();
    (verifying.so_far, done.and(ended))
}

impl Verifying {
    fn files(&mut self) -> Result<(), Error> {
        let (files, bytes) = file::all(&self.given.db)?;
        let bytes = self.given.sample.of(bytes);
        self.tell(Event::Phase(Phase::Verifying { files, bytes }));
        let mut after = 0;
        loop {
            let batch = file::after(&self.given.db, after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = last.row;
            batch.iter().try_for_each(|recorded| self.file(recorded))?;
        }
    }

    fn file(&mut self, recorded: &Recorded) -> Result<(), Error> {
        self.may_go_on()?;
        if let Some((wrong, at)) = self.look(recorded)? {
            self.found(wrong, &recorded.path);
            self.repair(recorded, wrong, &at)?;
        }
        self.so_far.files += 1;
        self.tell(Event::Checked { files: 1 });
        Ok(())
    }

    /// Says what is wrong with a file, and where it was looked at.
    fn look(&mut self, recorded: &Recorded) -> Result<Option<(Wrong, ArchivePath)>, Error> {
        let (at, seen) = self.find(recorded)?;
        let wrong = match seen {
            Some(seen) if seen.sort == Sort::File => self.compare(recorded, &at, seen)?,
            Some(Seen { sort: Sort::Symlink, .. }) => Some(Wrong::Changed),
            Some(_) | None => Some(Wrong::Missing),
        };
        Ok(wrong.map(|wrong| (wrong, at)))
    }

    /// What is at a file's path, or where a run that was killed was moving it to.
    fn find(&self, recorded: &Recorded) -> Result<(ArchivePath, Option<Seen>), Error> {
        let here = check::look(&self.given.archive, &recorded.path)?;
        let archive = &self.given.archive;
        let step = match here {
            Some(_) => None,
            None => step::moving(&self.given.db, &recorded.path)?,
        };
        let lifted = step.iter().filter_map(|step| step.lifted.as_ref());
        let lifted: Vec<_> =
            lifted.map(|name| archive.lifted_path(name)).collect::<Result<_, _>>()?;
        for at in step.into_iter().map(|step| step.to).chain(lifted) {
            let seen = check::look(archive, &at)?;
            if seen.is_some_and(|seen| check::is_untouched(&seen, recorded)) {
                return Ok((at, seen));
            }
        }
        Ok((recorded.path.clone(), here))
    }

    fn compare(
        &mut self,
        recorded: &Recorded,
        at: &ArchivePath,
        seen: Seen,
    ) -> Result<Option<Wrong>, Error> {
        if seen.size_bytes != recorded.size_bytes {
            return Ok(Some(Wrong::Changed));
        }
        if !self.given.sample.takes(&recorded.sha256, self.day) {
            return Ok(None);
        }
        self.so_far.read += 1;
        Ok(match self.read(at)? {
            Some(sha256) if sha256 == recorded.sha256 => None,
            Some(_) if check::is_untouched(&seen, recorded) => Some(Wrong::Damaged),
            Some(_) => Some(Wrong::Changed),
            None => Some(Wrong::Unreadable),
        })
    }

    /// Reads a file to its end; `None` if the disk does not give its bytes.
    fn read(&mut self, at: &ArchivePath) -> Result<Option<Sha256>, Error> {
        let Ok(mut file) = self.given.archive.open_from_disk(at) else { return Ok(None) };
        let (mut hash, mut chunk) = (sha2::Sha256::new(), vec![0; CHUNK_BYTES]);
        loop {
            self.may_go_on()?;
            let Some(count) = read_some(&mut file, &mut chunk) else { return Ok(None) };
            if count == 0 {
                return Ok(Some(Sha256(hash.finalize().into())));
            }
            hash.update(&chunk[..count]);
            self.so_far.bytes += count as u64;
            self.tell(Event::Received { bytes: count as u64 });
        }
    }

    fn links(&mut self) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let batch = link::after(&self.given.db, &after, BATCH)?;
            let Some(last) = batch.last() else { return Ok(()) };
            last.path.as_str().clone_into(&mut after);
            batch.iter().try_for_each(|link| self.link(link))?;
        }
    }

    fn link(&mut self, link: &Link) -> Result<(), Error> {
        self.may_go_on()?;
        if !self.leads_somewhere(&link.path, &link.target)? {
            self.found(Wrong::Link, &link.path);
        }
        Ok(())
    }

    fn leads_somewhere(&self, path: &ArchivePath, target: &ArchivePath) -> Result<bool, Error> {
        let archive = &self.given.archive;
        match archive.read_link(path) {
            Ok(Some(text)) if text == path.link_to(target) => {
                Ok(check::look(archive, target)?.is_some())
            }
            Ok(_) | Err(archive::Error::NotPlain { .. } | archive::Error::Blocked { .. }) => {
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn found(&mut self, wrong: Wrong, path: &ArchivePath) {
        *self.so_far.wrong.entry(wrong).or_default() += 1;
        self.tell(Event::Wrong { path, wrong });
    }

    /// Has a file fetched again by the next run, if Google has it: bytes that are not
    /// right are better than none.
    fn repair(&mut self, recorded: &Recorded, wrong: Wrong, at: &ArchivePath) -> Result<(), Error> {
        if !self.given.repair {
            return Ok(());
        }
        if !file::is_to_be_had(&self.given.db, recorded.row)? {
            let path = printable(recorded.path.as_str());
            self.tell(Event::Note(&format!("{path} is left as it is: Google no longer has it")));
            return Ok(());
        }
        let (what, aside) = match wrong {
            Wrong::Missing | Wrong::Link => (What::Missing, None),
            Wrong::Damaged | Wrong::Changed | Wrong::Unreadable => {
                let aside = check::put_aside(&self.given.archive, at, self.now())?;
                (What::Edited, Some(aside))
            }
        };
        let when = self.moment()?;
        let tx = self.given.db.transaction().map_err(index::Error::from)?;
        check::forget(&tx, when, recorded, what, aside.as_ref().map(ArchivePath::as_str))?;
        tx.commit().map_err(index::Error::from)?;
        self.so_far.repaired += 1;
        Ok(())
    }

    /// The first repair begins a run: only runs change what is recorded.
    fn moment(&mut self) -> Result<Moment, Error> {
        let at = self.now();
        let run = match self.repairing {
            Some(moment) => moment.run,
            None => index::run::begin(&self.given.db, at)?,
        };
        let moment = Moment { run, at };
        self.repairing = Some(moment);
        Ok(moment)
    }

    fn end(&self) -> Result<(), Error> {
        let Some(moment) = self.repairing else { return Ok(()) };
        let tally = Tally { failed: self.so_far.repaired, ..Tally::default() };
        let outcome = Outcome::Incomplete.as_str();
        Ok(index::run::finish(&self.given.db, moment.run, self.now(), outcome, &tally)?)
    }

    fn now(&self) -> DateTime<Utc> {
        self.given.clock.now()
    }

    fn tell(&self, event: Event<'_>) {
        self.given.monitor.on(event);
    }

    fn may_go_on(&self) -> Result<(), Error> {
        if *self.given.stop.borrow() { Err(Error::Interrupted) } else { Ok(()) }
    }
}

/// Reads what comes next; `None` if the disk does not give it.
fn read_some(file: &mut File, chunk: &mut [u8]) -> Option<usize> {
    loop {
        match file.read(chunk) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            read => return read.ok(),
        }
    }
}

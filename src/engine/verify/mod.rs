//! Reads the saved files and compares them with what was recorded when they were saved;
//! looks at links and copies, at what nobody recorded, and at the index itself. Asks
//! nothing of Google: fetching again what is wrong is for [`repair`](self::mend).
//!
//! Files are taken in the order of their turn: those first that were never verified, then
//! those for which that is longest ago. All are looked for, a share of them is read. What
//! was found right is recorded as the verification goes on, so that one that is stopped,
//! or killed, has done what it did.

mod files;
mod made;
mod mend;
mod rest;

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

pub use self::mend::{Reached, repair};
use super::exports::{self, Removable};
use super::run::Run;
use super::{Error, Event, Monitor, Stop};
use crate::archive::Archive;
use crate::google::Clock;
use crate::index::run::RunId;
use crate::index::verification as turn;
use crate::index::{self, health};
use crate::model::{ArchivePath, Crc32};
use crate::plan::{Sample, Share};

/// After how many files, or bytes of them, it is recorded that they were found right.
const KEEP_FILES: usize = 256;
const KEEP_BYTES: u64 = 512 << 20;

/// What a verification is given that repairs nothing.
pub struct Verification {
    /// The disk. Its lock is held, unless nobody can write there.
    pub archive: Archive,
    /// The index.
    pub db: Connection,
    /// Whether it can be recorded what was found right.
    pub records: bool,
    /// Who is told.
    pub monitor: Arc<dyn Monitor>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Whether to stop.
    pub stop: Stop,
    /// How much is read; all files are looked for.
    pub sample: Sample,
}

/// What is wrong with a file, a link, or a row of the index.
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
    /// A link leads elsewhere than it was made to.
    Astray,
    /// The index has a row that nothing belongs to.
    Orphan,
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
            Self::Astray => "astray",
            Self::Orphan => "orphan",
        }
    }
}

/// What a verification came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Files that were looked for, copies in albums/ as well.
    pub files: u64,
    /// Files that were read whole.
    pub read: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How often what was wrong.
    pub wrong: BTreeMap<Wrong, u64>,
    /// Files in the trees that the index knows nothing of: somebody's own.
    pub foreign: u64,
    /// How much of what was wrong is right again.
    pub repaired: u64,
    /// How much of it the next run sets right.
    pub for_next_run: u64,
    /// Exports of which nothing is lost if their parts in Drive are deleted. Told only by a
    /// verification that read all files, found all right, and could record that.
    pub removable: Vec<Removable>,
}

impl Verified {
    /// How much is wrong still.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.wrong.values().sum::<u64>().saturating_sub(self.repaired)
    }
}

/// What is looked at, and by whom.
struct Ground<'a> {
    archive: &'a Archive,
    db: &'a Connection,
    monitor: &'a dyn Monitor,
    clock: &'a dyn Clock,
    stop: &'a Stop,
}

/// What was read and found right, and is not recorded yet.
enum Proven {
    File(i64, Crc32),
    Copy(ArchivePath),
}

struct Verifying<'a> {
    on: Ground<'a>,
    sample: Sample,
    began: DateTime<Utc>,
    told: &'a mut Verified,
    share: Share,
    proven: Vec<Proven>,
    proven_bytes: u64,
    records: bool,
    /// The run that repairs what is wrong, if one does.
    repairs: Option<RunId>,
}

/// Verifies the archive; what was found so far is told also where it is stopped.
///
/// # Errors
///
/// The error is of the index, or of the disk as a whole, or that a person stopped it.
/// What is wrong with a file is counted and told.
pub fn verify(given: &Verification) -> (Verified, Result<(), Error>) {
    let mut told = Verified::default();
    let Verification { archive, db, records, monitor, clock, stop, sample } = given;
    let on = Ground { archive, db, monitor: &**monitor, clock: &**clock, stop };
    let mut verifying = Verifying::new(on, (*sample, *records), None, &mut told);
    let done = verifying.index().and_then(|()| verifying.files()).and_then(|()| verifying.rest());
    let done = done.and_then(|()| verifying.exports());
    (told, done)
}

impl<'a> Verifying<'a> {
    fn new(
        on: Ground<'a>,
        (sample, records): (Sample, bool),
        repairs: Option<RunId>,
        told: &'a mut Verified,
    ) -> Self {
        let began = on.clock.now();
        let share = sample.share(0, 0);
        let (proven, proven_bytes) = (Vec::new(), 0);
        Self { on, sample, began, told, share, proven, proven_bytes, records, repairs }
    }

    /// Verifies for a run that repairs.
    fn of_run(run: &'a Run, sample: Sample, told: &'a mut Verified) -> Self {
        let job = &run.job;
        let on = Ground {
            archive: &job.archive,
            db: &job.db,
            monitor: &*job.monitor,
            clock: &*job.clock,
            stop: &job.stop,
        };
        Self::new(on, (sample, true), Some(run.id), told)
    }

    /// Has SQLite look at the index: where that is damaged nothing it says can be relied on.
    fn index(&self) -> Result<(), Error> {
        Ok(health::check(self.on.db)?)
    }

    /// Everything but the files of the trees.
    fn rest(&mut self) -> Result<(), Error> {
        self.copies()?;
        self.links()?;
        self.foreign()?;
        self.orphans()
    }

    /// Finds the exports whose parts may be deleted.
    fn exports(&mut self) -> Result<(), Error> {
        if self.records && self.sample == Sample::ALL && self.told.wrong.is_empty() {
            self.told.removable = exports::removable(self.on.db, self.began)?;
        }
        Ok(())
    }

    fn found(&mut self, wrong: Wrong, path: &str) {
        *self.told.wrong.entry(wrong).or_default() += 1;
        self.tell(Event::Wrong { path, wrong });
    }

    /// A file, or a copy, was read and is as it was saved.
    fn prove(&mut self, proven: Proven, bytes: u64) -> Result<(), Error> {
        self.proven.push(proven);
        self.proven_bytes += bytes;
        let is_enough = self.proven.len() >= KEEP_FILES || self.proven_bytes >= KEEP_BYTES;
        if is_enough { self.keep() } else { Ok(()) }
    }

    /// Records what was found right since the last time.
    fn keep(&mut self) -> Result<(), Error> {
        self.proven_bytes = 0;
        let (proven, began) = (std::mem::take(&mut self.proven), self.began);
        if proven.is_empty() || !self.records {
            return Ok(());
        }
        self.in_transaction(|db| {
            proven.iter().try_for_each(|proven| match proven {
                Proven::File(row, crc32) => {
                    turn::set_crc32(db, *row, *crc32)?;
                    turn::set_file(db, *row, began)
                }
                Proven::Copy(path) => turn::set_copy(db, path, began),
            })
        })
    }

    fn in_transaction(
        &self,
        work: impl FnOnce(&Connection) -> Result<(), index::Error>,
    ) -> Result<(), Error> {
        let tx = self.on.db.unchecked_transaction().map_err(index::Error::from)?;
        work(&tx)?;
        Ok(tx.commit().map_err(index::Error::from)?)
    }

    fn tell(&self, event: Event<'_>) {
        self.on.monitor.on(event);
    }

    fn may_go_on(&self) -> Result<(), Error> {
        if *self.on.stop.borrow() { Err(Error::Interrupted) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use async_trait::async_trait;
    use tokio::sync::watch;

    use super::*;

    /// Stops after so many files.
    struct Impatient(watch::Sender<bool>, std::sync::Mutex<u32>);

    impl Monitor for Impatient {
        fn on(&self, event: Event<'_>) {
            if matches!(event, Event::Checked { .. }) {
                let mut left = self.1.lock().unwrap();
                *left = left.saturating_sub(1);
                self.0.send_replace(*left == 0);
            }
        }
    }

    struct Noon(i64);

    #[async_trait]
    impl Clock for Noon {
        fn now(&self) -> DateTime<Utc> {
            DateTime::from_timestamp_millis(self.0).unwrap()
        }

        async fn sleep(&self, _: Duration) {}
    }

    #[test]
    fn one_that_is_stopped_has_done_what_it_did_and_the_next_begins_with_the_others() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("drive")).unwrap();
        let path = folder.path().join("index.db");
        let db = index::open(&path).unwrap();
        for number in 0..20 {
            let name = format!("drive/{number}");
            std::fs::File::create(folder.path().join(&name)).unwrap();
            let insert =
                "INSERT INTO file (path, size_bytes, mtime_ns, md5, sha256, crc32, saved_at)
                          VALUES (?1, 0, 0, x'00', ?2, 0, 0)";
            let sha256 = <sha2::Sha256 as sha2::Digest>::digest([]).to_vec();
            db.execute(insert, rusqlite::params![name, sha256]).unwrap();
        }
        for (time, expected) in [(1, 15), (2, 10), (3, 5)] {
            let (sender, stop) = watch::channel(false);
            let (verified, ended) = verify(&Verification {
                archive: Archive::open(folder.path()).unwrap(),
                db: index::open(&path).unwrap(),
                records: true,
                monitor: Arc::new(Impatient(sender, 5.into())),
                clock: Arc::new(Noon(time)),
                stop,
                sample: Sample::ALL,
            });
            assert!(matches!(ended, Err(Error::Interrupted)));
            assert_eq!((verified.read, verified.wrong.len()), (5, 0));
            let never = "SELECT count(*) FROM file WHERE verified_at IS NULL";
            let never: u32 = db.query_row(never, [], |row| row.get(0)).unwrap();
            assert_eq!(never, expected);
        }
    }
}

//! Takes in the bytes of one file: hashes and writes them where blocking is allowed, while
//! more of them come.
//!
//! A small file is one piece of such work, a large one is taken in batches: while one is
//! written and hashed, on two threads, the next one comes. Large files are made durable
//! piece by piece as they come, so that little is left for the end; that they are durable
//! is for [`super::landing`] to see to all the same. It knows no source and decides nothing
//! about what came.

use std::io::Cursor;
use std::sync::Arc;

use tokio::task::{JoinError, JoinHandle, spawn_blocking};

use super::transfer::Failure;
use crate::archive::{self, Archive, PartialName, Ready, Staged};
use crate::media::{Hasher, Md5Part, OtherParts, Told};
use crate::model::{Digests, Item};

/// How many bytes are written and hashed at a time, and twice that are held of a file.
const BATCH: usize = 256 << 10;

/// From which length on room for a file is reserved: a smaller one that finds the
/// disk full has lost little.
const PREALLOCATED_MIN: u64 = 1 << 20;

/// After how many bytes more of a file these are made durable while others come.
const SYNCED: u64 = 64 << 20;

/// What is taken in of one file.
pub(super) struct Intake {
    archive: Archive,
    name: PartialName,
    /// How long it will be, by its source's word.
    size_bytes: Option<u64>,
    /// The file, once something was to be written; not while work on it goes on.
    open: Option<Open>,
    /// What came since.
    came: Vec<u8>,
    work: Option<Work>,
    /// How many bytes are there, in the file and before it.
    len: u64,
    /// How many of them were made durable, or are being so.
    synced: u64,
    syncing: Option<JoinHandle<Result<(), archive::Error>>>,
}

/// A file, and the hashes of what is in it.
struct Open {
    staged: Staged,
    hasher: Hasher,
}

/// A batch that is being written and hashed.
struct Work {
    bytes: Arc<Vec<u8>>,
    md5: JoinHandle<Md5Part>,
    others: JoinHandle<(Staged, OtherParts, Result<(), archive::Error>)>,
}

/// Bytes that are whole, as they came.
pub(super) struct Whole {
    pub(super) ready: Ready,
    pub(super) told: Told,
}

impl Intake {
    /// Begins with nothing.
    pub(super) fn new(archive: Archive, name: PartialName, size_bytes: Option<u64>) -> Self {
        Self {
            archive,
            name,
            size_bytes,
            open: None,
            came: Vec::new(),
            work: None,
            len: 0,
            synced: 0,
            syncing: None,
        }
    }

    /// Takes in what is staged already, unless that is more than the file will have.
    pub(super) async fn resume(&mut self) -> Result<(), archive::Error> {
        let (archive, name, size) = (self.archive.clone(), self.name.clone(), self.size_bytes);
        let opened = spawn_blocking(move || {
            let mut open = Open { staged: archive.stage(&name)?, hasher: Hasher::default() };
            if size.is_some_and(|size| open.staged.len() <= size) {
                open.hash_staged()?;
            } else {
                open.restart()?;
            }
            open.make_room(size)?;
            Ok(open)
        });
        let open = finished(opened.await)?;
        self.len = open.staged.len();
        self.synced = self.len;
        self.open = Some(open);
        Ok(())
    }

    /// How many bytes are there.
    pub(super) const fn len(&self) -> u64 {
        self.len
    }

    /// Whether something came that is not being written yet.
    pub(super) const fn has_unwritten(&self) -> bool {
        !self.came.is_empty()
    }

    /// Takes the next bytes.
    pub(super) async fn take(&mut self, mut bytes: &[u8]) -> Result<(), archive::Error> {
        self.len += bytes.len() as u64;
        while !bytes.is_empty() {
            if self.came.len() >= BATCH {
                self.write().await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(BATCH - self.came.len()));
            self.reserve();
            self.came.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn reserve(&mut self) {
        if self.came.capacity() == 0 {
            let size = self.size_bytes.map(|size| usize::try_from(size).unwrap_or(BATCH));
            self.came.reserve_exact(size.map_or(0, |size| size.min(BATCH)));
        }
    }

    /// Has what came be written and hashed, when what came before it is.
    pub(super) async fn write(&mut self) -> Result<(), archive::Error> {
        let spare = self.settle().await?;
        if self.came.is_empty() {
            return Ok(());
        }
        let Open { mut staged, hasher } = self.opened().await?;
        let bytes = Arc::new(std::mem::replace(&mut self.came, spare));
        let (mut md5, mut others) = hasher.split();
        self.work = Some(Work {
            md5: spawn_blocking({
                let bytes = Arc::clone(&bytes);
                move || {
                    md5.update(&bytes);
                    md5
                }
            }),
            others: spawn_blocking({
                let bytes = Arc::clone(&bytes);
                move || {
                    let written = staged.write(&bytes);
                    others.update(&bytes);
                    (staged, others, written)
                }
            }),
            bytes,
        });
        Ok(())
    }

    /// Has all that came be written, and waits for it.
    pub(super) async fn keep(&mut self) -> Result<(), archive::Error> {
        self.write().await?;
        self.came = self.settle().await?;
        Ok(())
    }

    /// Waits for the batch that is being written, and returns its room.
    async fn settle(&mut self) -> Result<Vec<u8>, archive::Error> {
        let Some(work) = self.work.take() else { return Ok(Vec::new()) };
        let (staged, others, written) = finished(work.others.await);
        let hasher = Hasher::of(finished(work.md5.await), others);
        self.open = Some(Open { staged, hasher });
        written?;
        self.sync_early().await?;
        let mut room = Arc::try_unwrap(work.bytes).unwrap_or_default();
        room.clear();
        Ok(room)
    }

    /// Has what is written be made durable while more comes. What the disk says of it is
    /// said once only, so it is waited for.
    async fn sync_early(&mut self) -> Result<(), archive::Error> {
        let Some(open) = &self.open else { return Ok(()) };
        if open.staged.len() < self.synced + SYNCED {
            return Ok(());
        }
        if self.syncing.as_ref().is_some_and(|syncing| !syncing.is_finished()) {
            return Ok(());
        }
        let syncing = open.staged.syncing()?;
        self.synced = open.staged.len();
        let before = self.syncing.replace(spawn_blocking(move || syncing.sync()));
        wait_for(before).await
    }

    /// The file, which is made if it is not open.
    async fn opened(&mut self) -> Result<Open, archive::Error> {
        if let Some(open) = self.open.take() {
            return Ok(open);
        }
        let (archive, name, size) = (self.archive.clone(), self.name.clone(), self.size_bytes);
        finished(spawn_blocking(move || Open::fresh(&archive, &name, size)).await)
    }

    /// Throws away what is there, to begin anew.
    pub(super) async fn restart(&mut self) -> Result<(), archive::Error> {
        // Of a full disk, say: what could not be written is thrown away as well.
        drop(self.settle().await);
        drop(wait_for(self.syncing.take()).await);
        self.came.clear();
        (self.len, self.synced) = (0, 0);
        if let Some(mut open) = self.open.take() {
            let restarted = spawn_blocking(move || open.restart().map(|()| open));
            self.open = Some(finished(restarted.await)?);
        }
        Ok(())
    }

    /// Has all that came be written and leaves it there, to be taken in again. Says what it is.
    pub(super) async fn keep_whole(mut self) -> Result<Digests, archive::Error> {
        self.keep().await?;
        wait_for(self.syncing.take()).await?;
        // Of an empty file nothing was written so far.
        let open = self.opened().await?;
        Ok(open.hasher.finish())
    }

    /// Ends, unless `wrong` finds something wrong with the bytes.
    pub(super) async fn conclude(
        &mut self,
        item: &Item,
        wrong: impl FnOnce(&Digests) -> Option<Failure> + Send + 'static,
    ) -> Result<Result<(Whole, Digests), Failure>, archive::Error> {
        drop(self.settle().await?);
        wait_for(self.syncing.take()).await?;
        let rest = Rest {
            archive: self.archive.clone(),
            name: self.name.clone(),
            bytes: std::mem::take(&mut self.came),
            open: self.open.take(),
        };
        let (title, mime_type) = (item.title.clone(), item.mime_type.clone());
        let modified_at = item.modified_at;
        let concluded = spawn_blocking(move || {
            let (open, all) = rest.write()?;
            let digests = open.hasher.clone().finish();
            if let Some(failure) = wrong(&digests) {
                return Ok(Err((open, failure)));
            }
            let told = match all {
                Some(bytes) => Told::read(Cursor::new(bytes), &title, &mime_type),
                None => Told::read(open.staged.reader()?, &title, &mime_type),
            };
            let ready = open.staged.finish(modified_at)?;
            Ok(Ok((Whole { ready, told }, digests)))
        });
        Ok(match finished(concluded.await)? {
            Ok(whole) => Ok(whole),
            Err((open, failure)) => {
                self.open = Some(open);
                Err(failure)
            }
        })
    }
}

/// What is left to be done for a file of which all has come.
struct Rest {
    archive: Archive,
    name: PartialName,
    bytes: Vec<u8>,
    open: Option<Open>,
}

impl Rest {
    /// Writes what is left, and returns it where it is the whole file.
    fn write(self) -> Result<(Open, Option<Vec<u8>>), archive::Error> {
        let size = self.bytes.len() as u64;
        let mut open = match self.open {
            Some(open) => open,
            None => Open::fresh(&self.archive, &self.name, Some(size))?,
        };
        let is_all = open.staged.len() == 0;
        open.staged.write(&self.bytes)?;
        open.hasher.update(&self.bytes);
        Ok((open, is_all.then_some(self.bytes)))
    }
}

impl Open {
    /// Opens an empty file.
    fn fresh(
        archive: &Archive,
        name: &PartialName,
        size_bytes: Option<u64>,
    ) -> Result<Self, archive::Error> {
        let mut open = Self { staged: archive.stage(name)?, hasher: Hasher::default() };
        if open.staged.len() > 0 {
            open.restart()?;
        }
        open.make_room(size_bytes)?;
        Ok(open)
    }

    fn make_room(&mut self, size_bytes: Option<u64>) -> Result<(), archive::Error> {
        let size = size_bytes.filter(|size| *size >= PREALLOCATED_MIN);
        size.map_or(Ok(()), |size| self.staged.preallocate(size))
    }

    fn hash_staged(&mut self) -> Result<(), archive::Error> {
        if self.staged.len() == 0 {
            return Ok(());
        }
        self.hasher.update_from(self.staged.reader()?).map_err(|source| {
            let path = self.staged.path().to_string();
            archive::Error::Io { operation: "read", path, source }
        })
    }

    fn restart(&mut self) -> Result<(), archive::Error> {
        self.hasher = Hasher::default();
        self.staged.restart()
    }
}

async fn wait_for(
    syncing: Option<JoinHandle<Result<(), archive::Error>>>,
) -> Result<(), archive::Error> {
    match syncing {
        Some(syncing) => finished(syncing.await),
        None => Ok(()),
    }
}

/// What work returned. A panic in it is a bug, and must not look like a success.
fn finished<T>(work: Result<T, JoinError>) -> T {
    work.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

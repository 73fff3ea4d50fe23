//! Fetches one item's bytes into `partial/`, goes on where the connection was cut,
//! and checks that they are what the source states.

use std::sync::Arc;

use tokio::task::block_in_place;

use super::bandwidth::Bandwidth;
use super::{Event, Monitor};
use crate::archive::{self, Archive, PartialName, Ready, Staged};
use crate::google::Clock;
use crate::index::trash::Trashed;
use crate::media::{Hasher, Told};
use crate::model::{ArchivePath, Digests, Item, ItemKey, Revision};
use crate::source::{self, Reading, Source, Want};

/// How often a transfer begins anew because the bytes were not what the source states.
const REFETCHES_MAX: u32 = 1;

/// From which length on room for a file is reserved: a smaller one that finds the
/// disk full has lost little.
const PREALLOCATED_MIN: u64 = 1 << 20;

/// What all transfers of a run share.
pub(super) struct Line {
    pub(super) archive: Archive,
    pub(super) monitor: Arc<dyn Monitor>,
    pub(super) clock: Arc<dyn Clock>,
    /// How fast they may be together; `None`: as fast as they can.
    pub(super) bandwidth: Option<Bandwidth>,
}

/// Bytes that are whole, checked and staged.
#[derive(Debug)]
pub(super) struct Fetched {
    pub(super) ready: Ready,
    pub(super) digests: Digests,
    /// What the bytes say of themselves.
    pub(super) told: Told,
    /// How many bytes came over the wire for it.
    pub(super) received: u64,
    /// Where in the trash it was, if it was not fetched but taken back from there.
    pub(super) from_trash: Option<(i64, ArchivePath)>,
}

/// Why an item's bytes could not be fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Source(#[from] source::Error),
    #[error(transparent)]
    Disk(#[from] archive::Error),
    #[error("Google sent {got} where it states {stated}, twice: the file may be changing")]
    NotAsStated { stated: String, got: String },
}

/// A transfer that is going on.
struct Transfer<'a> {
    line: &'a Line,
    source: &'a dyn Source,
    want: Want,
    path: &'a ArchivePath,
    staged: Staged,
    hasher: Hasher,
    received: u64,
    /// How long the source says the whole is, now that it is fetched, where it stated
    /// nothing before.
    told_size: Option<u64>,
}

/// Takes the bytes of `want` back from the trash, if they are still there as they were.
/// They are staged as an unfinished download that is whole, which [`super::returning`]
/// has announced.
pub(super) fn take_back(
    line: &Line,
    want: &Want,
    trashed: Trashed,
) -> Result<Option<Fetched>, archive::Error> {
    let archive = &line.archive;
    let open = || archive.open_file(&trashed.trash_path);
    let file = match open() {
        Ok(file) => file,
        Err(error) if error.is_missing() => return Ok(None),
        Err(archive::Error::NotPlain { .. } | archive::Error::Blocked { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut hasher = Hasher::default();
    hasher.update_from(file).map_err(|source| {
        let path = trashed.trash_path.to_string();
        archive::Error::Io { operation: "read", path, source }
    })?;
    let digests = hasher.finish();
    if digests.sha256 != trashed.sha256 || mismatch(want, &digests).is_some() {
        return Ok(None);
    }
    let told = Told::read(open()?, &want.item.title, &want.item.mime_type);
    let mtime = want.item.modified_at;
    let name = partial_name(&want.item.key, &want.revision);
    let ready = archive.stage_again(&trashed.trash_path, name, mtime)?;
    let from_trash = Some((trashed.row, trashed.trash_path));
    Ok(Some(Fetched { ready, digests, told, received: 0, from_trash }))
}

/// The name of the unfinished download of those bytes of an item.
pub(super) fn partial_name(key: &ItemKey, revision: &Revision) -> PartialName {
    PartialName::of(&format!("{} {} {}", key.source, key.id, revision.0))
}

/// Fetches the bytes of `want` from `source`. They will be at `path`.
pub(super) async fn fetch(
    line: &Line,
    source: &dyn Source,
    want: Want,
    path: &ArchivePath,
) -> Result<Fetched, Failure> {
    let name = partial_name(&want.item.key, &want.revision);
    line.monitor.on(Event::Started { path, size_bytes: stated_size(&want) });
    let mut transfer = block_in_place(|| Transfer::open((line, source), want, path, &name))?;
    let mut refetches = 0;
    loop {
        transfer.receive_or_make_room().await?;
        let digests = transfer.hasher.clone().finish();
        match transfer.mismatch(&digests) {
            None => {
                let fetched = block_in_place(|| transfer.finish(digests))?;
                line.monitor.on(Event::Fetched { path });
                return Ok(fetched);
            }
            Some(_) if refetches < REFETCHES_MAX => {
                refetches += 1;
                transfer.restart()?;
            }
            Some(failure) => {
                transfer.restart()?;
                return Err(failure);
            }
        }
    }
}

impl<'a> Transfer<'a> {
    /// Opens what is staged already and hashes it.
    fn open(
        (line, source): (&'a Line, &'a dyn Source),
        want: Want,
        path: &'a ArchivePath,
        name: &PartialName,
    ) -> Result<Self, archive::Error> {
        let staged = line.archive.stage(name)?;
        let hasher = Hasher::default();
        let mut transfer =
            Self { line, source, want, path, staged, hasher, received: 0, told_size: None };
        let size = stated_size(&transfer.want);
        if size.is_some_and(|size| transfer.staged.len() <= size) {
            transfer.hash_staged()?;
        } else {
            transfer.restart()?;
        }
        if let Some(size) = size.filter(|size| *size >= PREALLOCATED_MIN) {
            transfer.staged.preallocate(size)?;
        }
        Ok(transfer)
    }

    fn hash_staged(&mut self) -> Result<(), archive::Error> {
        if self.staged.len() == 0 {
            return Ok(());
        }
        self.hasher.update_from(self.staged.reader()?).map_err(|source| {
            let path = self.path.to_string();
            archive::Error::Io { operation: "read", path, source }
        })?;
        self.line.monitor.on(Event::Resumed { bytes: self.staged.len() });
        Ok(())
    }

    fn restart(&mut self) -> Result<(), archive::Error> {
        self.hasher = Hasher::default();
        self.staged.restart()
    }

    /// Receives all there is. Where the disk is full it gives back what it took: the index
    /// needs it, and smaller files may fit.
    async fn receive_or_make_room(&mut self) -> Result<(), Failure> {
        let received = self.receive().await;
        if let Err(Failure::Disk(error)) = &received
            && error.is_full()
        {
            self.restart()?;
        }
        received
    }

    /// Receives bytes until the source has no more. A cut connection is opened again
    /// from where it was; how often and how soon is Google's retry rule.
    async fn receive(&mut self) -> Result<(), Failure> {
        let (mut attempt, mut furthest) = (0, self.staged.len());
        loop {
            let cut = match self.receive_once().await {
                Ok(()) => return Ok(()),
                Err(Failure::Source(source::Error::Google(error))) => error,
                Err(failure) => return Err(failure),
            };
            // A connection that came further than all before it is as good as new. To bring
            // something is not enough: from a server that gives no parts each begins anew.
            attempt = if self.staged.len() > furthest { 0 } else { attempt + 1 };
            furthest = furthest.max(self.staged.len());
            match cut.resume_after(attempt) {
                Some(wait) => self.line.clock.sleep(wait).await,
                None => return Err(source::Error::Google(cut).into()),
            }
        }
    }

    async fn receive_once(&mut self) -> Result<(), Failure> {
        self.want.from_byte = self.staged.len();
        if self.want.from_byte > 0 && stated_size(&self.want) == Some(self.want.from_byte) {
            return Ok(());
        }
        let Some(mut reading) = self.open_reading().await? else { return Ok(()) };
        while let Some(bytes) = reading.chunk().await? {
            let count = bytes.len() as u64;
            block_in_place(|| {
                self.hasher.update(&bytes);
                self.staged.write(&bytes)
            })?;
            self.received += count;
            self.line.monitor.on(Event::Received { bytes: count });
            if let Some(bandwidth) = &self.line.bandwidth {
                self.line.clock.sleep(bandwidth.take(count, self.line.clock.now())).await;
            }
            if stated_size(&self.want).is_some_and(|size| self.staged.len() > size) {
                // More than there should be: it will not become right by reading on.
                return Ok(());
            }
        }
        Ok(())
    }

    /// Opens the bytes from where they stopped; from the first on, where what came so far
    /// is of another whole. There may be nothing to read.
    async fn open_reading(&mut self) -> Result<Option<Box<dyn Reading>>, Failure> {
        loop {
            let is_resumed = self.want.from_byte > 0;
            let mut reading = match self.source.open(std::slice::from_ref(&self.want)).await {
                Err(source::Error::Google(error)) if is_resumed && error.status() == Some(416) => {
                    // There are fewer bytes now than there are here.
                    self.restart()?;
                    self.want.from_byte = 0;
                    continue;
                }
                opened => opened?,
            };
            let Some(entry) = reading.entry().await? else { return Ok(None) };
            let is_unstated = self.want.export.is_none() && stated_size(&self.want).is_none();
            let told = entry.size_bytes.filter(|_| is_unstated);
            if is_resumed && is_unstated && (told.is_none() || told != self.told_size) {
                self.restart()?;
                self.want.from_byte = 0;
                continue;
            }
            if entry.from_byte != self.staged.len() {
                self.restart()?;
            }
            self.told_size = told;
            return Ok(Some(reading));
        }
    }

    fn finish(self, digests: Digests) -> Result<Fetched, Failure> {
        let item = &self.want.item;
        let told = Told::read(self.staged.reader()?, &item.title, &item.mime_type);
        let ready = self.staged.finish(item.modified_at)?;
        Ok(Fetched { ready, digests, told, received: self.received, from_trash: None })
    }

    /// Says in what the bytes differ from what the source states of them, or says now of
    /// their length.
    fn mismatch(&self, digests: &Digests) -> Option<Failure> {
        let told = self.told_size.filter(|told| *told != digests.size_bytes);
        let cut = told.map(|told| Failure::NotAsStated {
            stated: format!("{told} bytes"),
            got: format!("{} bytes", digests.size_bytes),
        });
        cut.or_else(|| mismatch(&self.want, digests))
    }
}

/// The length that the source states of the bytes that are wanted. An export has
/// none: a document's `size` is something else.
fn stated_size(want: &Want) -> Option<u64> {
    if want.export.is_some() { None } else { want.item.size_bytes }
}

/// Says in what the bytes differ from what the source states of them.
fn mismatch(want: &Want, digests: &Digests) -> Option<Failure> {
    if want.export.is_some() {
        return None;
    }
    let Item { size_bytes, md5, sha256, .. } = &want.item;
    if size_bytes.is_none() && digests.size_bytes == 0 {
        // Of Photos nothing is stated, and no picture has no bytes.
        let stated = "that there is a file".to_owned();
        return Some(Failure::NotAsStated { stated, got: "0 bytes".to_owned() });
    }
    let differs = |stated: Option<String>, got: String| {
        let stated = stated.filter(|stated| *stated != got)?;
        Some(Failure::NotAsStated { stated, got })
    };
    let bytes = |size: u64| format!("{size} bytes");
    differs(size_bytes.map(bytes), bytes(digests.size_bytes))
        .or_else(|| differs(md5.map(|it| format!("MD5 {it}")), format!("MD5 {}", digests.md5)))
        .or_else(|| {
            let got = format!("SHA-256 {}", digests.sha256);
            differs(sha256.map(|it| format!("SHA-256 {it}")), got)
        })
}

//! Fetches one item's bytes into `partial/`, goes on where the connection was cut,
//! and checks that they are what the source states.

mod stated;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::task::spawn_blocking;

use self::stated::{Stated, stated_size};
use super::bandwidth::Bandwidth;
use super::intake::{Intake, Whole};
use super::{Event, Monitor};
use crate::archive::{self, Archive, PartialName, Ready};
use crate::google::Clock;
use crate::index::trash::Trashed;
use crate::media::{Hasher, Told};
use crate::model::{ArchivePath, Digests, ItemKey, Packed, Part, PartFormat, Revision};
use crate::source::{self, Origin, Reading, Want};

/// How often a transfer begins anew because the bytes were not what the source states.
const REFETCHES_MAX: u32 = 1;

/// When nothing came for so long, what came before is written: it is not lost if the run is
/// killed then.
const PATIENCE: Duration = Duration::from_secs(1);

/// What all transfers of a run share.
pub(super) struct Line {
    pub(super) archive: Archive,
    pub(super) monitor: Arc<dyn Monitor>,
    pub(super) clock: Arc<dyn Clock>,
    /// How fast they may be together; `None`: as fast as they can.
    pub(super) bandwidth: Option<Bandwidth>,
    /// What an earlier run left unfinished.
    pub(super) partials: HashSet<PartialName>,
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
    #[error("it is damaged in the archive: that states {stated}, and has {got}")]
    NotAsPacked { stated: String, got: String },
    #[error("no part of an export that is there has it: put the parts back, or export again")]
    Nowhere,
}

impl Failure {
    /// Says whether the archive that it lies in is wrong, and so will be at each try.
    pub(super) const fn is_of_archive(&self) -> bool {
        matches!(self, Self::NotAsPacked { .. } | Self::Source(source::Error::Broken(_)))
    }
}

/// A transfer that is going on.
struct Transfer<'a> {
    line: &'a Line,
    source: &'a dyn Origin,
    want: Want,
    path: &'a ArchivePath,
    intake: Intake,
    received: u64,
    /// Whether it was said that bytes begin to come.
    is_announced: bool,
    /// How long the source says the whole is, now that it is fetched, where it stated
    /// nothing before.
    told_size: Option<u64>,
}

/// Takes the bytes of `want` back from the trash, if they are still there as they were.
/// They are staged as an unfinished download that is whole, which [`super::returning`]
/// has announced.
pub(super) async fn take_back(
    line: &Line,
    want: &Want,
    trashed: Trashed,
) -> Result<Option<Fetched>, archive::Error> {
    let (archive, want) = (line.archive.clone(), want.clone());
    let taken = spawn_blocking(move || take_back_now(&archive, &want, trashed)).await;
    taken.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}

fn take_back_now(
    archive: &Archive,
    want: &Want,
    trashed: Trashed,
) -> Result<Option<Fetched>, archive::Error> {
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
    if digests.sha256 != trashed.sha256 || Stated::of(want).mismatch(&digests).is_some() {
        return Ok(None);
    }
    let told = Told::read(open()?, &want.item.title, &want.item.mime_type);
    let mtime = want.item.modified_at;
    let name = name_of(want);
    let ready = archive.stage_again(&trashed.trash_path, name, mtime)?;
    let from_trash = Some((trashed.row, trashed.trash_path));
    Ok(Some(Fetched { ready, digests, told, received: 0, from_trash }))
}

/// The name of the unfinished download of those bytes of an item.
pub(super) fn partial_name(key: &ItemKey, revision: &Revision) -> PartialName {
    PartialName::of(&format!("{} {} {}", key.source, key.id, revision.0))
}

/// The same, of what is wanted: what lies in what is read once was staged when it came by.
pub(super) fn name_of(want: &Want) -> PartialName {
    match &want.within {
        Some(within) if within.part.format == PartFormat::Tgz => {
            stream_name(&within.part, &within.packed)
        }
        _ => partial_name(&want.item.key, &want.revision),
    }
}

/// The name under which something is staged that comes in a stream.
pub(super) fn stream_name(part: &Part, packed: &Packed) -> PartialName {
    PartialName::of(&format!("{:?} {}", part.lies, packed.path))
}

/// Fetches the bytes of `want` from `source`. They will be at `path`.
pub(super) async fn fetch(
    line: &Line,
    source: &dyn Origin,
    want: Want,
    path: &ArchivePath,
) -> Result<Fetched, Failure> {
    let mut transfer = Transfer::begin((line, source), want, path).await?;
    let mut refetches = 0;
    loop {
        transfer.receive_or_make_room().await?;
        match transfer.conclude_or_make_room().await? {
            Ok(fetched) => {
                line.monitor.on(Event::Fetched { path });
                return Ok(fetched);
            }
            Err(_) if refetches < REFETCHES_MAX => {
                refetches += 1;
                transfer.intake.restart().await?;
            }
            Err(failure) => {
                transfer.intake.restart().await?;
                return Err(failure);
            }
        }
    }
}

impl<'a> Transfer<'a> {
    /// Begins with what is staged already.
    async fn begin(
        (line, source): (&'a Line, &'a dyn Origin),
        want: Want,
        path: &'a ArchivePath,
    ) -> Result<Self, archive::Error> {
        let name = name_of(&want);
        let is_begun = line.partials.contains(&name);
        let intake = Intake::new(line.archive.clone(), name, stated_size(&want));
        let (received, is_announced, told_size) = (0, false, None);
        let mut transfer =
            Self { line, source, want, path, intake, received, is_announced, told_size };
        if is_begun {
            transfer.announce();
            transfer.intake.resume().await?;
            let bytes = transfer.intake.len();
            if bytes > 0 {
                line.monitor.on(Event::Resumed { bytes });
            }
        }
        Ok(transfer)
    }

    /// Says that bytes begin to come.
    fn announce(&mut self) {
        if !std::mem::replace(&mut self.is_announced, true) {
            let size_bytes = stated_size(&self.want);
            self.line.monitor.on(Event::Started { path: self.path, size_bytes });
        }
    }

    /// Receives all there is. Where the disk is full it gives back what it took: the index
    /// needs it, and smaller files may fit. What came otherwise is kept for the next run.
    async fn receive_or_make_room(&mut self) -> Result<(), Failure> {
        let received = self.receive().await;
        match &received {
            Err(Failure::Disk(error)) if error.is_full() => self.intake.restart().await?,
            // What came after bytes that could not be written has no place.
            Ok(()) | Err(Failure::Disk(_)) => {}
            Err(_) => self.keep().await?,
        }
        received
    }

    /// Has all that came be written.
    async fn keep(&mut self) -> Result<(), Failure> {
        match self.intake.keep().await {
            Err(error) if error.is_full() => self.intake.restart().await?,
            kept => kept?,
        }
        Ok(())
    }

    /// Receives bytes until the source has no more. A cut connection is opened again
    /// from where it was; how often and how soon is Google's retry rule.
    async fn receive(&mut self) -> Result<(), Failure> {
        let (mut attempt, mut furthest) = (0, self.intake.len());
        loop {
            let cut = match self.receive_once().await {
                Ok(()) => return Ok(()),
                Err(Failure::Source(source::Error::Google(error))) => error,
                Err(failure) => return Err(failure),
            };
            // A connection that came further than all before it is as good as new. To bring
            // something is not enough: from a server that gives no parts each begins anew.
            attempt = if self.intake.len() > furthest { 0 } else { attempt + 1 };
            furthest = furthest.max(self.intake.len());
            match cut.resume_after(attempt) {
                Some(wait) => self.line.clock.sleep(wait).await,
                None => return Err(source::Error::Google(cut).into()),
            }
        }
    }

    async fn receive_once(&mut self) -> Result<(), Failure> {
        self.want.from_byte = self.intake.len();
        if self.want.from_byte > 0 && stated_size(&self.want) == Some(self.want.from_byte) {
            return Ok(());
        }
        let Some(mut reading) = self.open_reading().await? else { return Ok(()) };
        while let Some(bytes) = self.next(&mut *reading).await? {
            let count = bytes.len() as u64;
            self.intake.take(&bytes).await?;
            self.received += count;
            self.line.monitor.on(Event::Received { bytes: count });
            if let Some(bandwidth) = &self.line.bandwidth {
                self.line.clock.sleep(bandwidth.take(count, self.line.clock.now())).await;
            }
            if stated_size(&self.want).is_some_and(|size| self.intake.len() > size) {
                // More than there should be: it will not become right by reading on.
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns the next bytes. While they keep it waiting, what came before is written.
    async fn next(&mut self, reading: &mut dyn Reading) -> Result<Option<Bytes>, Failure> {
        let mut chunk = reading.chunk();
        if self.intake.has_unwritten() {
            tokio::select! {
                biased;
                came = &mut chunk => return Ok(came?),
                () = self.line.clock.sleep(PATIENCE) => self.intake.keep().await?,
            }
        }
        Ok(chunk.await?)
    }

    /// Opens the bytes from where they stopped; from the first on, where what came so far
    /// is of another whole. There may be nothing to read.
    async fn open_reading(&mut self) -> Result<Option<Box<dyn Reading>>, Failure> {
        loop {
            let is_resumed = self.want.from_byte > 0;
            let mut reading = match self.source.open(std::slice::from_ref(&self.want)).await {
                Err(source::Error::Google(error)) if is_resumed && error.status() == Some(416) => {
                    // There are fewer bytes now than there are here.
                    self.intake.restart().await?;
                    self.want.from_byte = 0;
                    continue;
                }
                opened => opened?,
            };
            self.announce();
            let Some(entry) = reading.entry().await? else { return Ok(None) };
            let is_unstated = self.want.export.is_none() && stated_size(&self.want).is_none();
            let told = entry.size_bytes.filter(|_| is_unstated);
            if is_resumed && is_unstated && (told.is_none() || told != self.told_size) {
                self.intake.restart().await?;
                self.want.from_byte = 0;
                continue;
            }
            if entry.from_byte != self.intake.len() {
                self.intake.restart().await?;
            }
            self.told_size = told;
            return Ok(Some(reading));
        }
    }

    /// Ends as [`Self::conclude`] does. Where the disk is full what was staged goes, as in
    /// [`Self::receive_or_make_room`].
    async fn conclude_or_make_room(&mut self) -> Result<Result<Fetched, Failure>, archive::Error> {
        let concluded = self.conclude().await;
        if let Err(error) = &concluded
            && error.is_full()
        {
            let name = name_of(&self.want);
            // What cannot be removed is no news beside that.
            drop(self.line.archive.forget_partial(&name));
        }
        concluded
    }

    /// Ends, unless the bytes differ from what the source states of them.
    async fn conclude(&mut self) -> Result<Result<Fetched, Failure>, archive::Error> {
        let stated = Stated::of(&self.want).told(self.told_size);
        let wrong = move |digests: &Digests| stated.mismatch(digests);
        let concluded = self.intake.conclude(&self.want.item, wrong).await?;
        Ok(concluded.map(|(Whole { ready, told }, digests)| Fetched {
            ready,
            digests,
            told,
            received: self.received,
            from_trash: None,
        }))
    }
}

/// One of several things that come in one reading.
pub(super) struct Member<'a> {
    pub(super) line: &'a Line,
    pub(super) want: &'a Want,
    /// Where it will be.
    pub(super) path: &'a ArchivePath,
}

impl Member<'_> {
    /// Takes what comes of it in `reading`, from its first byte on.
    pub(super) async fn take(&self, reading: &mut dyn Reading) -> Result<Fetched, Failure> {
        let Self { line, want, path } = *self;
        let size_bytes = stated_size(want);
        line.monitor.on(Event::Started { path, size_bytes });
        let name = name_of(want);
        let mut intake = Intake::new(line.archive.clone(), name.clone(), size_bytes);
        let mut received = 0;
        while let Some(bytes) = reading.chunk().await? {
            let count = bytes.len() as u64;
            if let Err(error) = intake.take(&bytes).await {
                return Err(self.make_room(error, &name));
            }
            received += count;
            line.monitor.on(Event::Received { bytes: count });
            if let Some(bandwidth) = &line.bandwidth {
                line.clock.sleep(bandwidth.take(count, line.clock.now())).await;
            }
        }
        let stated = Stated::of(want);
        let wrong = move |digests: &Digests| stated.mismatch(digests);
        let concluded = intake.conclude(&want.item, wrong).await;
        let concluded = concluded.map_err(|error| self.make_room(error, &name))?;
        let (Whole { ready, told }, digests) = concluded?;
        line.monitor.on(Event::Fetched { path });
        Ok(Fetched { ready, digests, told, received, from_trash: None })
    }

    /// Where the disk is full what was staged goes: the index needs the room.
    fn make_room(&self, error: archive::Error, name: &PartialName) -> Failure {
        if error.is_full() {
            // What cannot be removed is no news beside that.
            drop(self.line.archive.forget_partial(name));
        }
        error.into()
    }
}

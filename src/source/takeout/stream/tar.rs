//! A tar archive under gzip, read block by block.
//!
//! The crate `tar` knows the headers. It reads whole what comes before an entry, such as a
//! long name, however long that is, and must have a thread that waits for the bytes; so the
//! way from one header to the next is gone here.

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use tar::{EntryType, Header, PaxExtensions};

use super::super::super::Error;
use super::super::Found;
use super::super::medium::Flow;
use super::super::path::{EntryPath, Otherwise, kept};
use super::super::trouble::{Trouble, TroubleKind};
use super::Streaming;
use super::gunzip::Gunzip;
use crate::model::{Packed, Packing};

const BLOCK: usize = 512;

/// What comes before an entry, such as its long name, is not longer, in bytes.
const AHEAD_MAX: u64 = 1 << 20;

/// A tar archive, as far as it was read.
pub(in super::super) struct Tar {
    gunzip: Gunzip,
    buffer: Bytes,
    /// How many bytes of the current entry are still to come, and of what fills its last block.
    left: u64,
    padding: u64,
    /// The path of the current entry.
    path: String,
    /// What was said ahead of the next entry.
    ahead: Ahead,
    /// An entry whose name is told of before it.
    waiting: Option<Packed>,
    /// How many entries there were, and how many are passed over.
    count: u64,
    skip: u64,
    is_over: bool,
}

/// What the next entry's header has no room for.
#[derive(Default)]
struct Ahead {
    path: Option<Vec<u8>>,
    size_bytes: Option<u64>,
}

impl Tar {
    /// The archive that `flow` brings, without its first `skip` entries.
    pub(in super::super) fn new(flow: Flow, skip: u64) -> Self {
        Self {
            gunzip: Gunzip::new(flow),
            buffer: Bytes::new(),
            left: 0,
            padding: 0,
            path: String::new(),
            ahead: Ahead::default(),
            waiting: None,
            count: 0,
            skip,
            is_over: false,
        }
    }

    /// Goes on to the next header. `None`: that was of nothing that is told.
    async fn step(&mut self) -> Result<Option<Found>, Error> {
        if let Some(entry) = self.waiting.take() {
            return Ok(Some(Found::Entry(entry)));
        }
        self.pass(self.left + self.padding).await?;
        (self.left, self.padding) = (0, 0);
        let Some(block) = self.block().await? else {
            self.is_over = true;
            return Ok(None);
        };
        if block.iter().all(|byte| *byte == 0) {
            self.is_over = true;
            return Ok(None);
        }
        let header = Header::from_byte_slice(&block);
        let (true, Ok(stated)) = (is_header(header), header.entry_size()) else {
            return Err(Error::Broken(Trouble::of_part(TroubleKind::Lost)));
        };
        self.read(header, stated).await
    }

    /// Reads what `header` says, and what is to be known before the next.
    async fn read(&mut self, header: &Header, stated: u64) -> Result<Option<Found>, Error> {
        let kind = header.entry_type();
        match kind {
            EntryType::GNULongName => {
                let mut name = self.whole(stated).await?;
                name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(name.len()));
                self.ahead.path = Some(name);
                return Ok(None);
            }
            EntryType::XHeader => {
                let fields = self.whole(stated).await?;
                self.ahead.take(&fields);
                return Ok(None);
            }
            EntryType::GNULongLink | EntryType::XGlobalHeader => {
                self.begin(stated);
                return Ok(None);
            }
            _ => {}
        }
        let ahead = std::mem::take(&mut self.ahead);
        let name = ahead.path.unwrap_or_else(|| header.path_bytes().into_owned());
        let size_bytes = ahead.size_bytes.unwrap_or(stated);
        self.sparse(header).await?;
        // Links and the like have no bytes, whatever their headers say.
        let has_bytes =
            !matches!(kind, EntryType::Link | EntryType::Symlink | EntryType::Directory);
        self.begin(if has_bytes { size_bytes } else { 0 });
        Ok(self.found(kind, EntryPath::read(&name, Otherwise::Damaged), size_bytes))
    }

    /// What there is to say of an entry.
    fn found(&mut self, kind: EntryType, path: EntryPath, size_bytes: u64) -> Option<Found> {
        if kind == EntryType::Directory {
            return None;
        }
        let trouble = |path, what| Some(Found::Trouble(Trouble { path, what }));
        let (path, changed) = match kept(path)? {
            Ok(named) => named,
            Err((path, what)) => return trouble(path, what),
        };
        match kind {
            EntryType::Regular | EntryType::Continuous => {}
            EntryType::Link | EntryType::Symlink => return trouble(path, TroubleKind::Link),
            _ => return trouble(path, TroubleKind::Special),
        }
        if i64::try_from(size_bytes).is_err() {
            return trouble(path, TroubleKind::Impossible);
        }
        self.path.clone_from(&path);
        let entry = Packed {
            path,
            size_bytes,
            crc32: None,
            at: self.count,
            packed_bytes: size_bytes,
            packing: Packing::InStream,
        };
        self.count += 1;
        if !changed {
            return Some(Found::Entry(entry));
        }
        let told = trouble(entry.path.clone(), TroubleKind::Name);
        self.waiting = Some(entry);
        told
    }

    /// Has so many bytes be the current entry's.
    fn begin(&mut self, size_bytes: u64) {
        self.left = size_bytes;
        self.padding = (BLOCK as u64 - size_bytes % BLOCK as u64) % BLOCK as u64;
    }

    /// Passes over the rest of a sparse file's map, which has blocks of its own.
    async fn sparse(&mut self, header: &Header) -> Result<(), Error> {
        let is_sparse = header.entry_type() == EntryType::GNUSparse;
        let mut goes_on = is_sparse && header.as_bytes()[482] != 0;
        while goes_on {
            let block = self.block().await?;
            let block = block.ok_or(Error::Broken(Trouble::of_part(TroubleKind::Cut)))?;
            goes_on = block[504] != 0;
        }
        Ok(())
    }

    /// Reads something small whole, which is not a part of any entry.
    async fn whole(&mut self, size_bytes: u64) -> Result<Vec<u8>, Error> {
        if size_bytes > AHEAD_MAX {
            return Err(Error::Broken(Trouble::of_part(TroubleKind::Lost)));
        }
        self.begin(size_bytes);
        let mut all = Vec::new();
        while let Some(bytes) = self.chunk().await? {
            all.extend_from_slice(&bytes);
        }
        Ok(all)
    }

    async fn block(&mut self) -> Result<Option<Bytes>, Error> {
        let mut block = BytesMut::new();
        while block.len() < BLOCK {
            match self.take((BLOCK - block.len()) as u64).await? {
                Some(bytes) => block.extend_from_slice(&bytes),
                None if block.is_empty() => return Ok(None),
                None => return Err(Error::Broken(Trouble::of_part(TroubleKind::Cut))),
            }
        }
        Ok(Some(block.freeze()))
    }

    async fn pass(&mut self, mut count: u64) -> Result<(), Error> {
        while count > 0 {
            let Some(bytes) = self.take(count).await? else {
                return Err(Error::Broken(Trouble::at(&self.path, TroubleKind::Cut)));
            };
            count -= bytes.len() as u64;
        }
        Ok(())
    }

    async fn take(&mut self, most: u64) -> Result<Option<Bytes>, Error> {
        if self.buffer.is_empty() {
            self.buffer = self.gunzip.chunk().await?.unwrap_or_default();
        }
        let count = self.buffer.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        Ok((count > 0).then(|| self.buffer.split_to(count)))
    }
}

impl Ahead {
    /// Takes what a header of PAX says of the next entry.
    fn take(&mut self, fields: &[u8]) {
        for field in PaxExtensions::new(fields).map_while(Result::ok) {
            match field.key_bytes() {
                b"path" => self.path = Some(field.value_bytes().to_vec()),
                b"size" => self.size_bytes = field.value().ok().and_then(|size| size.parse().ok()),
                _ => {}
            }
        }
    }
}

/// Whether the block's checksum is right: that of its bytes, with its own as spaces.
fn is_header(header: &Header) -> bool {
    let bytes = header.as_bytes();
    let own = 148..156;
    let byte = |(at, byte): (usize, &u8)| if own.contains(&at) { 32 } else { u32::from(*byte) };
    let sum: u32 = bytes.iter().enumerate().map(byte).sum();
    header.cksum().is_ok_and(|stated| stated == sum)
}

#[async_trait]
impl Streaming for Tar {
    async fn entry(&mut self) -> Result<Option<Found>, Error> {
        while !self.is_over {
            let before = self.count;
            let found = match self.step().await {
                Ok(found) => found,
                Err(Error::Broken(trouble)) => {
                    self.is_over = true;
                    return Ok(Some(Found::Trouble(trouble)));
                }
                Err(error) => return Err(error),
            };
            if found.is_some() && before >= self.skip {
                return Ok(found);
            }
        }
        Ok(None)
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let came = match self.take(self.left).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) | Err(Error::Broken(_)) => return Err(self.cut()),
            Err(error) => return Err(error),
        };
        self.left -= came.len() as u64;
        Ok(Some(came))
    }
}

impl Tar {
    /// The archive has ended, or is damaged, in the middle of the entry: there is no more.
    fn cut(&mut self) -> Error {
        (self.is_over, self.left) = (true, 0);
        Error::Broken(Trouble::at(&self.path, TroubleKind::Cut))
    }
}

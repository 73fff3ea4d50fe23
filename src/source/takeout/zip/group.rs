//! Entries of a zip that lie near each other, read in one request and unpacked one after
//! another. What is wrong with one of them costs no other.

use bytes::{Buf as _, Bytes};

use super::super::super::Error;
use super::super::feed::Feed;
use super::super::medium::Medium;
use super::super::trouble::{Trouble, TroubleKind};
use super::inflate::Inflate;
use super::records::{self, LOCAL_BYTES};
use crate::model::{Packed, Packing};

/// To have a request less so many bytes between two entries are read.
const GAP_MAX: u64 = 128 << 10;
/// No group is longer, in bytes and in entries, unless it is one entry.
const BYTES_MAX: u64 = 16 << 20;
const ENTRIES_MAX: usize = 256;

/// What the extra field before an entry's bytes takes at the most, mostly.
const EXTRA_BYTES: u64 = 128;

/// How much is unpacked at a time, in bytes.
const PIECE: u64 = 256 << 10;

/// How many of the first of `entries` one request reads best.
pub(in super::super) fn near<'a>(entries: impl IntoIterator<Item = &'a Packed>) -> usize {
    let mut entries = entries.into_iter();
    let Some(first) = entries.next() else { return 0 };
    let (mut last, mut end) = (first.at, reaches(first));
    let together = entries.take(ENTRIES_MAX - 1).take_while(|next| {
        let is_near = next.at > last && next.at <= end.saturating_add(GAP_MAX);
        last = next.at;
        end = end.max(reaches(next));
        is_near && end - first.at <= BYTES_MAX
    });
    1 + together.count()
}

/// The byte before which an entry ends, as far as its header is not known.
fn reaches(entry: &Packed) -> u64 {
    let header = LOCAL_BYTES as u64 + entry.path.len() as u64 + EXTRA_BYTES;
    entry.at.saturating_add(header).saturating_add(entry.packed_bytes)
}

/// A group that is being read.
pub(in super::super) struct Group {
    feed: Feed,
    /// Those to come, the next at the end.
    entries: Vec<Packed>,
    /// How many of the first entry's bytes are not wanted.
    from_byte: u64,
    current: Option<Unpacking>,
}

/// An entry that is being unpacked.
struct Unpacking {
    entry: Packed,
    /// How many of its packed bytes were not taken yet.
    packed_left: u64,
    /// How many bytes came out, those that were passed over among them.
    size_bytes: u64,
    /// `None` where the first bytes were passed over.
    crc32: Option<crc32fast::Hasher>,
    inflate: Option<Inflate>,
    input: Bytes,
}

impl Group {
    /// Those entries of a part of `size_bytes`, in the order of where they are. Sends nothing
    /// yet. Of the first, where it is stored, only the bytes from `from_byte` on are wanted.
    pub(in super::super) fn new(
        medium: Medium,
        size_bytes: u64,
        mut entries: Vec<Packed>,
        from_byte: u64,
    ) -> Self {
        let first = entries.first();
        let at = first.map_or(0, |first| first.at);
        let from_byte = match first {
            Some(first) if first.packing == Packing::Stored && from_byte <= first.size_bytes => {
                from_byte
            }
            _ => 0,
        };
        let end = entries.iter().map(reaches).max().unwrap_or(at).min(size_bytes);
        // So that what is passed over is not asked for.
        let end = if from_byte > GAP_MAX { at + LOCAL_BYTES as u64 } else { end };
        entries.reverse();
        Self { feed: Feed::new(medium, at, end), entries, from_byte, current: None }
    }

    /// Goes on to the next entry; `None` after the last. Returns at which of its bytes it
    /// begins.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] costs this entry only.
    pub(in super::super) async fn entry(&mut self) -> Result<Option<u64>, Error> {
        self.current = None;
        let Some(entry) = self.entries.pop() else {
            self.feed.finish().await;
            return Ok(None);
        };
        let from_byte = std::mem::take(&mut self.from_byte);
        self.feed.seek(entry.at).await?;
        self.feed.reach(entry.at.saturating_add(LOCAL_BYTES as u64));
        let broken = |what| Error::Broken(Trouble::at(&entry.path, what));
        let header = self.feed.exactly(LOCAL_BYTES).await?;
        let header = header.ok_or_else(|| broken(TroubleKind::Cut))?;
        let after = records::after_local(&header);
        let (name, extra) = after.ok_or_else(|| broken(TroubleKind::Damaged))?;
        let begins = self.feed.at() + (name + extra) as u64;
        self.feed.reach(begins.saturating_add(entry.packed_bytes));
        self.feed.seek(begins + from_byte).await?;
        self.current = Some(Unpacking::new(entry, from_byte));
        Ok(Some(from_byte))
    }

    /// Returns the next bytes of the entry; `None` at its end.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`], at its end too, costs this entry only.
    pub(in super::super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let Some(mut current) = self.current.take() else { return Ok(None) };
        let came = current.next(&mut self.feed).await?;
        match came {
            Ok(Some(bytes)) => {
                self.current = Some(current);
                Ok(Some(bytes))
            }
            Ok(None) => Ok(None),
            Err(what) => Err(Error::Broken(Trouble::at(&current.entry.path, what))),
        }
    }
}

impl Unpacking {
    fn new(entry: Packed, from_byte: u64) -> Self {
        let is_deflated = entry.packing == Packing::Deflated;
        Self {
            packed_left: entry.packed_bytes - from_byte.min(entry.packed_bytes),
            size_bytes: from_byte,
            crc32: (from_byte == 0).then(crc32fast::Hasher::new),
            inflate: is_deflated.then(Inflate::new),
            input: Bytes::new(),
            entry,
        }
    }

    async fn next(&mut self, feed: &mut Feed) -> Result<Result<Option<Bytes>, TroubleKind>, Error> {
        let unpacked = match self.inflate.take() {
            None => self.stored(feed).await?,
            Some(inflate) => self.inflated(inflate, feed).await?,
        };
        Ok(match unpacked {
            Ok(Some(bytes)) => {
                self.size_bytes += bytes.len() as u64;
                if let Some(crc32) = &mut self.crc32 {
                    crc32.update(&bytes);
                }
                Ok(Some(bytes))
            }
            Ok(None) => self.end(),
            Err(what) => Err(what),
        })
    }

    async fn stored(
        &mut self,
        feed: &mut Feed,
    ) -> Result<Result<Option<Bytes>, TroubleKind>, Error> {
        if self.packed_left == 0 {
            return Ok(Ok(None));
        }
        Ok(match feed.take(self.packed_left).await? {
            Some(bytes) => {
                self.packed_left -= bytes.len() as u64;
                Ok(Some(bytes))
            }
            None => Err(TroubleKind::Cut),
        })
    }

    async fn inflated(
        &mut self,
        mut inflate: Inflate,
        feed: &mut Feed,
    ) -> Result<Result<Option<Bytes>, TroubleKind>, Error> {
        let left = self.entry.size_bytes - self.size_bytes;
        // One more than there should be, to see that there is no more.
        let room = usize::try_from((left + 1).min(PIECE)).unwrap_or(usize::MAX);
        let mut out = Vec::with_capacity(room);
        while out.len() < room {
            if !self.refill(feed).await? {
                return Ok(Err(TroubleKind::Cut));
            }
            let Ok(stepped) = inflate.step(&self.input, &mut out) else {
                return Ok(Err(TroubleKind::Damaged));
            };
            self.input.advance(stepped.used);
            if stepped.ended || stepped.stuck {
                // Nothing comes out any more.
                (self.packed_left, self.input) = (0, Bytes::new());
                break;
            }
        }
        if out.len() as u64 > left {
            return Ok(Err(TroubleKind::Longer(self.entry.size_bytes)));
        }
        self.inflate = Some(inflate);
        Ok(Ok((!out.is_empty()).then(|| out.into())))
    }

    /// Has more to unpack, if there is more. Says whether that has come.
    async fn refill(&mut self, feed: &mut Feed) -> Result<bool, Error> {
        if !self.input.is_empty() || self.packed_left == 0 {
            return Ok(true);
        }
        let Some(bytes) = feed.take(self.packed_left).await? else { return Ok(false) };
        self.packed_left -= bytes.len() as u64;
        self.input = bytes;
        Ok(true)
    }

    /// Whether what came is what should have come.
    fn end(&mut self) -> Result<Option<Bytes>, TroubleKind> {
        let (stated, got) = (self.entry.size_bytes, self.size_bytes);
        if got != stated {
            return Err(TroubleKind::Shorter { stated, got });
        }
        let got = self.crc32.take().map(crc32fast::Hasher::finalize);
        match (self.entry.crc32, got) {
            (Some(stated), Some(got)) if stated.0 != got => {
                Err(TroubleKind::Crc { stated: stated.0, got })
            }
            _ => Ok(None),
        }
    }
}

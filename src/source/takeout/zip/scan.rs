//! The entries of a zip, found one after another by the headers before their bytes: what is
//! left to do where the directory is missing or wrong.

use super::super::super::Error;
use super::super::Found;
use super::super::feed::Feed;
use super::super::medium::Medium;
use super::super::trouble::{Trouble, TroubleKind};
use super::judge::{Judge, check_lengths, named, packing};
use super::measure::{Measured, measure, pass_descriptor};
use super::records::{self, LOCAL_BYTES, Stated};
use crate::model::{Crc32, Packed, Packing};

/// How many entries are told of at a time.
const BATCH: usize = 64;

/// How far it came.
pub(super) struct Scan {
    feed: Feed,
    size_bytes: u64,
    /// Whether entries that were there before are no news.
    is_second: bool,
    is_over: bool,
}

impl Scan {
    /// From the first byte of a zip on.
    pub(super) fn new(medium: &Medium, size_bytes: u64) -> Self {
        let feed = Feed::new(medium.clone(), 0, size_bytes);
        Self { feed, size_bytes, is_second: false, is_over: false }
    }

    /// The same, after a directory that has told of some entries.
    pub(super) fn after_listing(medium: &Medium, size_bytes: u64) -> Self {
        Self { is_second: true, ..Self::new(medium, size_bytes) }
    }

    /// Returns the next entries and what is wrong with others; `None` after the last.
    pub(super) async fn next(&mut self, judge: &mut Judge) -> Result<Option<Vec<Found>>, Error> {
        if self.is_over {
            return Ok(None);
        }
        let mut found = Vec::new();
        while found.len() < BATCH && !self.is_over {
            self.is_over = !self.entry(judge, &mut found).await?;
        }
        Ok(Some(found))
    }

    /// Reads one entry's header and passes over its bytes. Says whether there may be more.
    async fn entry(&mut self, judge: &mut Judge, found: &mut Vec<Found>) -> Result<bool, Error> {
        let at = self.feed.at();
        let Some(header) = self.feed.exactly(LOCAL_BYTES).await? else { return Ok(false) };
        let Some((name, extra)) = records::after_local(&header) else {
            if !records::is_after_all(&header) {
                found.push(Found::Trouble(Trouble::of_part(TroubleKind::Lost)));
            }
            return Ok(false);
        };
        let Some(rest) = self.feed.exactly(name + extra).await? else { return Ok(false) };
        let header = [header, rest].concat();
        let Some(stated) = records::local(&header) else { return Ok(false) };
        let stated = Stated { at, ..stated };
        let mut troubles = Vec::new();
        let named = named(&stated, &mut troubles);
        if !self.is_second {
            found.append(&mut troubles);
        }
        let shown = named.as_ref().map_or("", |(path, _)| path.as_str());
        let measured = match self.pass(&stated).await? {
            Ok(measured) => measured,
            Err(what) => {
                let is_lost = what != TroubleKind::Cut;
                found.push(Found::Trouble(Trouble::at(shown, what)));
                if is_lost && !shown.is_empty() {
                    found.push(Found::Trouble(Trouble::of_part(TroubleKind::Lost)));
                }
                return Ok(false);
            }
        };
        if let Some((path, changed)) = named {
            self.tell((path, changed), &measured.put_into(stated), (judge, found));
        }
        Ok(true)
    }

    /// Passes over an entry's bytes, and measures them where their lengths are stated after
    /// them only.
    async fn pass(&mut self, stated: &Stated<'_>) -> Result<Result<Measured, TroubleKind>, Error> {
        if stated.has_descriptor() && stated.packed_bytes == 0 {
            return match packing(stated) {
                Ok(packing) => measure(&mut self.feed, packing).await,
                Err(what) => Ok(Err(what)),
            };
        }
        let end = self.feed.at().checked_add(stated.packed_bytes);
        let Some(end) = end.filter(|end| *end <= self.size_bytes) else {
            return Ok(Err(TroubleKind::Cut));
        };
        self.feed.seek(end).await?;
        if stated.has_descriptor() {
            pass_descriptor(&mut self.feed, stated).await?;
        }
        Ok(Ok(Measured::of(stated)))
    }

    fn tell(
        &self,
        (path, changed): (String, bool),
        stated: &Stated<'_>,
        (judge, found): (&mut Judge, &mut Vec<Found>),
    ) {
        let entry = match self.judged(&path, stated, judge) {
            Some(Ok(packing)) => packed(path, stated, packing),
            Some(Err(what)) => return found.push(Found::Trouble(Trouble { path, what })),
            None => return,
        };
        if changed {
            found.push(Found::Trouble(Trouble::at(&entry.path, TroubleKind::Name)));
        }
        found.push(Found::Entry(entry));
    }

    /// How an entry is packed, or what is wrong with it; `None` if that is known already.
    fn judged(
        &self,
        path: &str,
        stated: &Stated<'_>,
        judge: &mut Judge,
    ) -> Option<Result<Packing, TroubleKind>> {
        let is_new = judge.is_new(path);
        if !is_new && self.is_second {
            return None;
        }
        let packing = packing(stated).and_then(|packing| {
            check_lengths(stated, packing)?;
            if is_new { Ok(packing) } else { Err(TroubleKind::Doubled) }
        });
        Some(packing)
    }
}

fn packed(path: String, stated: &Stated<'_>, packing: Packing) -> Packed {
    Packed {
        path,
        size_bytes: stated.size_bytes,
        crc32: Some(Crc32(stated.crc32)),
        at: stated.at,
        packed_bytes: stated.packed_bytes,
        packing,
    }
}

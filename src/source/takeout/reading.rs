//! The entries of a zip that are wanted, as the engine reads whatever is wanted.

use async_trait::async_trait;
use bytes::Bytes;

use super::super::{Entry, Error, Reading, Want};
use super::medium::Medium;
use super::zip::Group;
use crate::model::Packed;

/// Entries of a zip, one for each want, in their order.
pub(super) struct ZipReading {
    group: Group,
    /// How long each is, as the archive states it.
    sizes: Vec<u64>,
    next: usize,
}

impl ZipReading {
    pub(super) fn new(medium: Medium, size_bytes: u64, wants: &[Want]) -> Self {
        let within = wants.iter().map_while(|want| want.within.as_ref());
        let entries: Vec<Packed> = within.map(|within| within.packed.clone()).collect();
        let sizes = entries.iter().map(|entry| entry.size_bytes).collect();
        let from_byte = wants.first().map_or(0, |want| want.from_byte);
        Self { group: Group::new(medium, size_bytes, entries, from_byte), sizes, next: 0 }
    }
}

#[async_trait]
impl Reading for ZipReading {
    async fn entry(&mut self) -> Result<Option<Entry>, Error> {
        let index = self.next;
        self.next += 1;
        let Some(from_byte) = self.group.entry().await? else { return Ok(None) };
        Ok(Some(Entry { index, from_byte, size_bytes: self.sizes.get(index).copied() }))
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.group.chunk().await
    }
}

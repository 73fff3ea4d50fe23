//! Entries that are wanted out of what is read once, in one go through it.

use std::collections::VecDeque;

use async_trait::async_trait;
use bytes::Bytes;

use super::super::super::{Entry, Error, Reading, Want};
use super::super::trouble::{Trouble, TroubleKind};
use super::super::{Found, Streaming};
use crate::model::Packed;

/// How many come in one go at the most: what is behind them must not wait for all of it.
const TOGETHER_MAX: usize = 256;

/// How many of the first of `entries` come in one go: those that are in its order.
pub(in super::super) fn in_turn<'a>(entries: impl IntoIterator<Item = &'a Packed>) -> usize {
    let mut last = None;
    let is_next = |entry: &&Packed| last.replace(entry.at) < Some(entry.at);
    entries.into_iter().take(TOGETHER_MAX).take_while(is_next).count()
}

/// The wanted entries, in the order of where they are.
pub(in super::super) struct StreamReading {
    stream: Box<dyn Streaming>,
    wanted: VecDeque<(usize, Packed)>,
    /// An entry that came and is not wanted yet.
    came: Option<Packed>,
}

impl StreamReading {
    pub(in super::super) fn new(stream: Box<dyn Streaming>, wants: &[Want]) -> Self {
        let within = wants.iter().map_while(|want| want.within.as_ref());
        let wanted = within.map(|within| within.packed.clone()).enumerate().collect();
        Self { stream, wanted, came: None }
    }

    /// Goes on to the entry at that place; `None` if there is none.
    async fn find(&mut self, at: u64) -> Result<Option<Packed>, Error> {
        loop {
            let came = match self.came.take() {
                Some(came) => came,
                None => match self.stream.entry().await? {
                    Some(Found::Entry(came)) => came,
                    Some(Found::Trouble(_)) => continue,
                    None => return Ok(None),
                },
            };
            if came.at > at {
                self.came = Some(came);
                return Ok(None);
            }
            if came.at == at {
                return Ok(Some(came));
            }
        }
    }
}

#[async_trait]
impl Reading for StreamReading {
    async fn entry(&mut self) -> Result<Option<Entry>, Error> {
        let Some((index, wanted)) = self.wanted.pop_front() else { return Ok(None) };
        match self.find(wanted.at).await? {
            Some(came) if came.path == wanted.path => {
                Ok(Some(Entry { index, from_byte: 0, size_bytes: Some(came.size_bytes) }))
            }
            _ => Err(Error::Broken(Trouble::at(&wanted.path, TroubleKind::Damaged))),
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.stream.chunk().await
    }
}

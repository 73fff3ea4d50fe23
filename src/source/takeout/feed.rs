//! The bytes of a part from some place on, taken in pieces as long as what is read needs them.

use bytes::{Bytes, BytesMut};

use super::super::Error;
use super::medium::{Flow, Medium};

/// To pass over fewer bytes than these, they are read: a request costs more than they do.
const PASSED_OVER: u64 = 256 << 10;

/// A place in a part, and what comes from there on.
pub(super) struct Feed {
    medium: Medium,
    flow: Option<Flow>,
    /// Which bytes it has at hand; the first of them is at `at`.
    buffer: Bytes,
    at: u64,
    until: u64,
}

impl Feed {
    /// The bytes from `at` on, as far as to `until` in one request. Sends nothing yet.
    pub(super) const fn new(medium: Medium, at: u64, until: u64) -> Self {
        Self { medium, flow: None, buffer: Bytes::new(), at, until }
    }

    /// Where it is.
    pub(super) const fn at(&self) -> u64 {
        self.at
    }

    /// Has it go as far as to `until` if need be.
    pub(super) fn reach(&mut self, until: u64) {
        self.until = self.until.max(until);
    }

    /// Goes to another place.
    pub(super) async fn seek(&mut self, to: u64) -> Result<(), Error> {
        let gap = to.checked_sub(self.at).filter(|gap| self.is_near(*gap));
        let Some(mut gap) = gap else {
            (self.flow, self.at) = (None, to);
            self.buffer.clear();
            return Ok(());
        };
        while gap > 0 {
            let Some(passed) = self.take(gap).await? else { break };
            gap -= passed.len() as u64;
        }
        self.at = to;
        Ok(())
    }

    /// Whether reading as far is better than to ask for what is there.
    fn is_near(&self, gap: u64) -> bool {
        let is_far_on_disk =
            !matches!(self.flow, Some(Flow::Drive(_))) && gap > self.buffer.len() as u64;
        gap <= self.buffer.len() as u64 + PASSED_OVER && !is_far_on_disk
    }

    /// Returns the next bytes, at most `most` of them; `None` at the end.
    pub(super) async fn take(&mut self, most: u64) -> Result<Option<Bytes>, Error> {
        if self.buffer.is_empty() && !self.fill().await? {
            return Ok(None);
        }
        let count = self.buffer.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        self.at += count as u64;
        Ok(Some(self.buffer.split_to(count)))
    }

    /// Returns the next `count` bytes; `None` if there are fewer, which are used up then.
    pub(super) async fn exactly(&mut self, count: usize) -> Result<Option<Bytes>, Error> {
        if self.buffer.is_empty() && count > 0 && !self.fill().await? {
            return Ok(None);
        }
        if self.buffer.len() >= count {
            self.at += count as u64;
            return Ok(Some(self.buffer.split_to(count)));
        }
        let mut bytes = BytesMut::with_capacity(count);
        while bytes.len() < count {
            let Some(more) = self.take((count - bytes.len()) as u64).await? else {
                return Ok(None);
            };
            bytes.extend_from_slice(&more);
        }
        Ok(Some(bytes.freeze()))
    }

    /// Returns the next `count` bytes and leaves them there; fewer at the end.
    pub(super) async fn peek(&mut self, count: usize) -> Result<Bytes, Error> {
        let mut bytes = BytesMut::with_capacity(count);
        while bytes.len() < count {
            match self.take((count - bytes.len()) as u64).await? {
                Some(more) => bytes.extend_from_slice(&more),
                None => break,
            }
        }
        let bytes = bytes.freeze();
        self.put_back(&bytes);
        Ok(bytes)
    }

    /// Puts bytes back that were taken last.
    pub(super) fn put_back(&mut self, bytes: &Bytes) {
        self.at -= bytes.len() as u64;
        if self.buffer.is_empty() {
            self.buffer = bytes.clone();
        } else {
            self.buffer = [&bytes[..], &self.buffer[..]].concat().into();
        }
    }

    /// Reads the little that is left of what was asked for, so that the connection can be
    /// used again. What breaks now costs nothing.
    pub(super) async fn finish(&mut self) {
        let left = self.until.saturating_sub(self.at);
        let flow = self.flow.take().filter(|flow| matches!(flow, Flow::Drive(_)));
        if let Some(mut flow) = flow.filter(|_| left <= PASSED_OVER) {
            while let Ok(Some(_)) = flow.chunk().await {}
        }
    }

    /// Says whether more has come.
    async fn fill(&mut self) -> Result<bool, Error> {
        while self.at < self.until {
            let (at, until) = (self.at, self.until);
            let is_new = self.flow.is_none();
            let flow = self.flow.get_or_insert_with(|| self.medium.flow(at..until));
            match flow.chunk().await {
                Ok(Some(bytes)) => {
                    self.buffer = bytes;
                    return Ok(true);
                }
                // It went as far as was asked for first.
                Ok(None) if !is_new => self.flow = None,
                Ok(None) => return Ok(false),
                Err(error) => {
                    self.flow = None;
                    return Err(error);
                }
            }
        }
        Ok(false)
    }
}

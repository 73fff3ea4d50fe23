//! A stretch of a file, from one byte to another, gone on with where the connection was cut.
//!
//! Asks for nothing before the first bytes are wanted, and for one range unless something
//! breaks: requests cost more than bytes.

use std::ops::Range;

use bytes::Bytes;

use super::body::Body;
use super::call::Call;
use super::client::Client;
use super::error::Error;

/// The bytes of one range, as they come.
pub struct Stretch {
    client: Client,
    call: Call,
    next_byte: u64,
    until_byte: Option<u64>,
    body: Option<Body>,
    size_bytes: Option<u64>,
    /// How many connections in a row brought nothing.
    barren: u32,
}

impl Stretch {
    /// The bytes in `range` of what `call` brings. Sends nothing yet.
    #[must_use]
    pub fn new(client: Client, call: Call, range: Range<u64>) -> Self {
        let call = call.until(range.end);
        Self { until_byte: Some(range.end), ..Self::from(client, call, range.start) }
    }

    /// The bytes of what `call` brings from `from_byte` on. Sends nothing yet.
    #[must_use]
    pub const fn from(client: Client, call: Call, from_byte: u64) -> Self {
        Self {
            client,
            call,
            next_byte: from_byte,
            until_byte: None,
            body: None,
            size_bytes: None,
            barren: 0,
        }
    }

    /// The length of the whole, as the last answer stated it.
    #[must_use]
    pub const fn size_bytes(&self) -> Option<u64> {
        self.size_bytes
    }

    /// Returns the next bytes; `None` after the last.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense: a broken connection is one only
    /// when several in a row have brought nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.until_byte.is_some_and(|until| self.next_byte >= until) {
                self.body = None;
                return Ok(None);
            }
            let cut = match self.piece().await {
                Ok(bytes) => return Ok(bytes),
                Err(error) => error,
            };
            self.body = None;
            let Some(wait) = cut.resume_after(self.barren) else { return Err(cut) };
            self.barren += 1;
            self.client.clock().sleep(wait).await;
        }
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.open().await?,
        };
        let Some(mut bytes) = body.chunk().await? else { return self.end() };
        if let Some(until) = self.until_byte {
            bytes.truncate(usize::try_from(until - self.next_byte).unwrap_or(usize::MAX));
        }
        self.next_byte += bytes.len() as u64;
        self.barren = 0;
        self.body = Some(body);
        Ok(Some(bytes))
    }

    async fn open(&mut self) -> Result<Body, Error> {
        let body = self.client.bytes(&self.call, self.next_byte).await?;
        self.size_bytes = body.size_bytes();
        // A server that has no ranges cannot be asked to go on.
        if body.from_byte() != self.next_byte {
            let cause = "the whole came where a part was asked for".to_owned();
            return Err(Error::Unreadable { url: self.call.url.clone(), cause });
        }
        Ok(body)
    }

    /// What an answer's end means: an answer may be shorter than the range.
    fn end(&self) -> Result<Option<Bytes>, Error> {
        let until = self.until_byte.or(self.size_bytes);
        if until.is_none_or(|until| self.next_byte >= until) {
            return Ok(None);
        }
        let cause = "it ended before its last byte".to_owned();
        Err(Error::Cut { url: self.call.url.clone(), cause })
    }
}

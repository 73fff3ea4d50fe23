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
    until_byte: u64,
    body: Option<Body>,
    /// How many connections in a row brought nothing.
    barren: u32,
}

impl Stretch {
    /// The bytes in `range` of what `call` brings. Sends nothing yet.
    #[must_use]
    pub fn new(client: Client, call: Call, range: Range<u64>) -> Self {
        let call = call.until(range.end);
        Self { client, call, next_byte: range.start, until_byte: range.end, body: None, barren: 0 }
    }

    /// Returns the next bytes; `None` after the last.
    ///
    /// # Errors
    ///
    /// Any [`Error`], after the repetitions that make sense: a broken connection is one only
    /// when several in a row have brought nothing.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        while self.next_byte < self.until_byte {
            let cut = match self.piece().await {
                Ok(bytes) => return Ok(Some(bytes)),
                Err(error) => error,
            };
            self.body = None;
            let Some(wait) = cut.resume_after(self.barren) else { return Err(cut) };
            self.barren += 1;
            self.client.clock().sleep(wait).await;
        }
        self.body = None;
        Ok(None)
    }

    async fn piece(&mut self) -> Result<Bytes, Error> {
        let mut body = match self.body.take() {
            Some(body) => body,
            None => self.client.bytes(&self.call, self.next_byte).await?,
        };
        // An answer may be shorter than the range.
        let came = body.chunk().await?.ok_or_else(|| self.ended_early())?;
        let left = usize::try_from(self.until_byte - self.next_byte).unwrap_or(usize::MAX);
        let bytes = came.slice(..came.len().min(left));
        self.next_byte += bytes.len() as u64;
        self.barren = 0;
        self.body = Some(body);
        Ok(bytes)
    }

    fn ended_early(&self) -> Error {
        let cause = "it ended before its last byte".to_owned();
        Error::Cut { url: self.call.url.clone(), cause }
    }
}

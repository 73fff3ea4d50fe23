//! What a gzip file unpacks to, of one member or of several, in pieces of bounded size.

use std::io::Write as _;

use bytes::{Buf as _, Bytes};
use flate2::write::MultiGzDecoder;

use super::super::super::Error;
use super::super::medium::Flow;
use super::super::trouble::{Trouble, TroubleKind};

/// A gzip file that is being unpacked.
pub(super) struct Gunzip {
    flow: Flow,
    input: Bytes,
    /// With what came out of it, some 32 KiB at a time.
    decoder: MultiGzDecoder<Vec<u8>>,
    is_over: bool,
}

impl Gunzip {
    pub(super) fn new(flow: Flow) -> Self {
        let decoder = MultiGzDecoder::new(Vec::new());
        Self { flow, input: Bytes::new(), decoder, is_over: false }
    }

    /// Returns the next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] if the file is no gzip, or ends early.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let out = std::mem::take(self.decoder.get_mut());
            if !out.is_empty() || self.is_over {
                return Ok((!out.is_empty()).then(|| out.into()));
            }
            if self.input.is_empty() {
                match self.flow.chunk().await? {
                    Some(bytes) => self.input = bytes,
                    None => self.end()?,
                }
            } else {
                self.unpack()?;
            }
        }
    }

    fn unpack(&mut self) -> Result<(), Error> {
        match self.decoder.write(&self.input) {
            Ok(used) if used > 0 => {
                self.input.advance(used);
                Ok(())
            }
            _ => Err(self.broken(TroubleKind::Lost)),
        }
    }

    /// All has come: it is whole if its last member is.
    fn end(&mut self) -> Result<(), Error> {
        self.is_over = true;
        self.decoder.try_finish().map_err(|_| self.broken(TroubleKind::Cut))
    }

    fn broken(&mut self, what: TroubleKind) -> Error {
        self.is_over = true;
        Error::Broken(Trouble::of_part(what))
    }
}

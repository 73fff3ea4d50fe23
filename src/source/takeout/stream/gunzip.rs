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
    /// What is to be told once all that came out was handed on.
    wrong: Option<TroubleKind>,
}

impl Gunzip {
    pub(super) fn new(flow: Flow) -> Self {
        let decoder = MultiGzDecoder::new(Vec::new());
        Self { flow, input: Bytes::new(), decoder, is_over: false, wrong: None }
    }

    /// Returns the next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Broken`] if the file is no gzip, or ends early.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let out = std::mem::take(self.decoder.get_mut());
            if !out.is_empty() {
                return Ok(Some(out.into()));
            }
            if let Some(what) = self.wrong.take() {
                return Err(Error::Broken(Trouble::of_part(what)));
            }
            if self.is_over {
                return Ok(None);
            }
            if !self.input.is_empty() {
                self.unpack();
            } else if let Some(bytes) = self.flow.chunk().await? {
                self.input = bytes;
            } else if !self.end() {
                self.wrong = Some(TroubleKind::Cut);
            }
        }
    }

    fn unpack(&mut self) {
        match self.decoder.write(&self.input) {
            Ok(used) if used > 0 => self.input.advance(used),
            _ => {
                self.end();
                self.wrong = Some(TroubleKind::Lost);
            }
        }
    }

    /// Has all come out that is still in it. Says whether that was the end of a whole member.
    fn end(&mut self) -> bool {
        self.is_over = true;
        self.decoder.try_finish().is_ok()
    }
}

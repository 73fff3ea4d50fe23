//! DEFLATE, in steps of bounded size.

use flate2::{Decompress, FlushDecompress, Status};

/// Bytes that are no DEFLATE stream.
#[derive(Debug)]
pub(super) struct NoStream;

/// One stream that is being unpacked.
pub(super) struct Inflate(Decompress);

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stepped {
    /// How many bytes it used.
    pub(super) used: usize,
    /// Whether the stream has ended.
    pub(super) ended: bool,
    /// Whether it could do nothing without more input, or more room.
    pub(super) stuck: bool,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self(Decompress::new(false))
    }

    /// Unpacks from `input` into the room that `out` has.
    pub(super) fn step(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<Stepped, NoStream> {
        let (used_before, had) = (self.0.total_in(), out.len());
        let status = self.0.decompress_vec(input, out, FlushDecompress::None);
        let status = status.map_err(|_| NoStream)?;
        // No more is used than there is.
        let used = usize::try_from(self.0.total_in() - used_before).unwrap_or(input.len());
        let ended = status == Status::StreamEnd;
        Ok(Stepped { used, ended, stuck: used == 0 && out.len() == had && !ended })
    }
}

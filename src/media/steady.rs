//! A file whose reads go on after a signal.

use std::io::{ErrorKind, Read, Result, Seek, SeekFrom};

/// A file that is read again where a signal interrupted the reading. `read_exact` and its
/// like do that by themselves, `fill_buf` and the libraries that use it do not.
pub(super) struct Steady<R>(pub(super) R);

impl<R: Read> Read for Steady<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}

impl<R: Seek> Seek for Steady<R> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        self.0.seek(to)
    }
}

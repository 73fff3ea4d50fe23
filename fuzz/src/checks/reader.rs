//! A file in memory that counts what is asked of it, and that can be as odd as a bad disk.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

/// What a [`Reader`] does beside what a file does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Nothing.
    Plain,
    /// It hands over a few bytes at a time, and is interrupted in between.
    Slow,
    /// It says that it is a tebibyte long.
    Lying,
    /// It fails from its middle on.
    Failing,
}

/// Bytes as a file.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: Cursor<&'a [u8]>,
    manner: Manner,
    calls: u64,
    read: u64,
}

impl<'a> Reader<'a> {
    /// `bytes` as a file that behaves like `manner`.
    pub fn new(bytes: &'a [u8], manner: Manner) -> Self {
        Self { bytes: Cursor::new(bytes), manner, calls: 0, read: 0 }
    }

    /// How often it was read or sought.
    pub fn calls(&self) -> u64 {
        self.calls
    }

    /// How many bytes were read of it, those that were read again counted again.
    pub fn bytes_read(&self) -> u64 {
        self.read
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        let len = self.bytes.get_ref().len() as u64;
        let room = match self.manner {
            Manner::Slow if self.calls.is_multiple_of(3) => {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Manner::Failing if self.bytes.position() > len / 2 => {
                return Err(io::Error::other("a bad sector"));
            }
            Manner::Slow => buffer.len().min(97),
            _ => buffer.len(),
        };
        let read = self.bytes.read(&mut buffer[..room])?;
        self.read += read as u64;
        Ok(read)
    }
}

impl Seek for Reader<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.calls += 1;
        match (self.manner, to) {
            (Manner::Lying, SeekFrom::End(back)) => {
                let at = (1_u64 << 40).saturating_add_signed(back);
                self.bytes.seek(SeekFrom::Start(at))
            }
            _ => self.bytes.seek(to),
        }
    }
}

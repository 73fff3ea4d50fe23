//! Writes zip archives, right ones and wrong ones.
//!
//! After PKWARE's APPNOTE.TXT 6.3. A library would not write what a test needs most: entries
//! that lie about themselves, two of one path, names that are no text.

use std::io::{self, Write};

use crc32fast::Hasher;
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::{Entry, How};

/// "Extract with a program of at least this version": 2.0 for DEFLATE, 4.5 for zip64.
const NEEDS: u16 = 20;
const NEEDS_ZIP64: u16 = 45;
/// Made by a program of that version, on Unix.
const MADE_BY: u16 = (3 << 8) | NEEDS_ZIP64;
/// The name is UTF-8.
const UTF8: u16 = 1 << 11;
/// Sizes and checksum follow the data.
const DESCRIPTOR: u16 = 1 << 3;
/// The length that stands for "see the zip64 field".
const FULL: u32 = u32::MAX;

/// Contents up to this many bytes are held in memory while they are written.
const ONCE_MAX: u64 = 4 << 20;

/// An archive that is being written.
struct Archive<W> {
    out: W,
    how: How,
    at: u64,
    count: u64,
    directory: Vec<u8>,
}

/// Writes all of `entries` as one archive.
pub(super) fn write(out: impl Write, entries: &[Entry], how: How) -> io::Result<()> {
    let mut archive = Archive { out, how, at: 0, count: 0, directory: Vec::new() };
    entries.iter().try_for_each(|entry| archive.entry(entry))?;
    archive.end()
}

/// What the headers of an entry say.
struct Stated {
    needs: u16,
    flags: u16,
    method: u16,
    crc32: u32,
    packed: u64,
    size: u64,
    at: u64,
    is_big: bool,
}

impl<W: Write> Archive<W> {
    fn entry(&mut self, entry: &Entry) -> io::Result<()> {
        // What is read twice is made once, unless it is large.
        let small = (entry.content.len() <= ONCE_MAX).then(|| entry.content.to_bytes().into());
        let entry = &Entry { content: small.unwrap_or(entry.content.clone()), ..entry.clone() };
        let deflated = entry.is_deflated || self.how.deflated;
        let packed = if deflated { Some(deflate(entry)?) } else { None };
        let stated = self.stated(entry, packed.as_deref());
        self.put(&local(entry, &stated, self.how.time))?;
        match packed {
            Some(packed) => self.put(&packed)?,
            None => entry.content.chunks().try_for_each(|chunk| self.put(&chunk))?,
        }
        if self.how.streamed {
            self.put(&descriptor(&stated))?;
        }
        self.directory.extend(central(entry, &stated, self.how.time));
        self.count += 1;
        Ok(())
    }

    fn stated(&self, entry: &Entry, packed: Option<&[u8]>) -> Stated {
        let mut hasher = Hasher::new();
        entry.content.chunks().for_each(|chunk| hasher.update(&chunk));
        let length = entry.content.len();
        let packed_bytes = packed.map_or(length, |packed| packed.len() as u64);
        let is_big = self.how.zip64 || length.max(packed_bytes).max(self.at) >= FULL.into();
        Stated {
            needs: if is_big { NEEDS_ZIP64 } else { NEEDS },
            flags: UTF8 | if self.how.streamed { DESCRIPTOR } else { 0 },
            method: if packed.is_some() { 8 } else { 0 },
            crc32: entry.stated_crc32.unwrap_or_else(|| hasher.finalize()),
            packed: packed_bytes,
            size: entry.stated_bytes.unwrap_or(length),
            at: self.at,
            is_big,
        }
    }

    /// Writes the directory and what leads to it.
    fn end(mut self) -> io::Result<()> {
        let (begin, directory) = (self.at, std::mem::take(&mut self.directory));
        self.put(&directory)?;
        let (length, count) = (directory.len() as u64, self.count);
        let is_big = self.how.zip64 || count >= 0xffff || length.max(begin) >= FULL.into();
        if is_big {
            let at = self.at;
            let mut record = Record::new(*b"PK\x06\x06").u64(44).u16(MADE_BY).u16(NEEDS_ZIP64);
            record = record.u32(0).u32(0).u64(count).u64(count).u64(length).u64(begin);
            self.put(&record.bytes(b"PK\x06\x07").u32(0).u64(at).u32(1).0)?;
        }
        let few = if is_big { 0xffff } else { u16::try_from(count).unwrap_or(u16::MAX) };
        let end = Record::new(*b"PK\x05\x06").u16(0).u16(0).u16(few).u16(few);
        self.put(&end.small(length, is_big).small(begin, is_big).u16(0).0)?;
        self.out.flush()
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}

/// One entry's bytes, packed. They are all in memory: what is large is stored as it is.
fn deflate(entry: &Entry) -> io::Result<Vec<u8>> {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    entry.content.chunks().try_for_each(|chunk| packed.write_all(&chunk))?;
    packed.finish()
}

fn local(entry: &Entry, stated: &Stated, time: u32) -> Vec<u8> {
    let later = stated.flags & DESCRIPTOR != 0;
    let (crc32, packed, size) =
        if later { (0, 0, 0) } else { (stated.crc32, stated.packed, stated.size) };
    let extra = if stated.is_big {
        Record::default().u16(1).u16(16).u64(size).u64(packed).0
    } else {
        Vec::new()
    };
    let record = Record::new(*b"PK\x03\x04").u16(stated.needs).u16(stated.flags);
    let record = record.u16(stated.method).u32(time).u32(crc32);
    let record = record.small(packed, stated.is_big).small(size, stated.is_big);
    record.len16(&entry.path).len16(&extra).bytes(&entry.path).bytes(&extra).0
}

fn descriptor(stated: &Stated) -> Vec<u8> {
    let record = Record::new(*b"PK\x07\x08").u32(stated.crc32);
    if stated.is_big {
        record.u64(stated.packed).u64(stated.size).0
    } else {
        record.small(stated.packed, false).small(stated.size, false).0
    }
}

fn central(entry: &Entry, stated: &Stated, time: u32) -> Vec<u8> {
    let extra = if stated.is_big {
        let record = Record::default().u16(1).u16(24);
        record.u64(stated.size).u64(stated.packed).u64(stated.at).0
    } else {
        Vec::new()
    };
    let mode = if entry.is_link { 0o120_777 } else { 0o100_644 };
    let record = Record::new(*b"PK\x01\x02").u16(MADE_BY).u16(stated.needs).u16(stated.flags);
    let record = record.u16(stated.method).u32(time).u32(stated.crc32);
    let record = record.small(stated.packed, stated.is_big).small(stated.size, stated.is_big);
    let record = record.len16(&entry.path).len16(&extra).u16(0).u16(0).u16(0);
    let record = record.u32(mode << 16).small(stated.at, stated.is_big);
    record.bytes(&entry.path).bytes(&extra).0
}

/// A record that is being put together; numbers are little-endian.
#[derive(Default)]
struct Record(Vec<u8>);

impl Record {
    fn new(signature: [u8; 4]) -> Self {
        Self(signature.to_vec())
    }

    fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u16(self, number: u16) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u32(self, number: u32) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    fn u64(self, number: u64) -> Self {
        self.bytes(&number.to_le_bytes())
    }

    /// A length of 32 bits, or what says that it is elsewhere.
    fn small(self, number: u64, is_elsewhere: bool) -> Self {
        let number = if is_elsewhere { FULL } else { u32::try_from(number).unwrap_or(FULL) };
        self.u32(number)
    }

    fn len16(self, bytes: &[u8]) -> Self {
        self.u16(u16::try_from(bytes.len()).unwrap_or(u16::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_streamed_entry_states_follows_its_bytes() {
        let sizes = [b"\x03\0\0\0".repeat(2), b"\x03\0\0\0\0\0\0\0".repeat(2)];
        for (zip64, sizes) in [false, true].into_iter().zip(sizes) {
            let mut out = Vec::new();
            let how = How { streamed: true, zip64, ..How::default() };
            write(&mut out, &[Entry::file("a.jpg", "abc")], how).unwrap();
            let data = 30 + "a.jpg".len() + if zip64 { 20 } else { 0 };
            assert_eq!(&out[14..18], [0; 4], "no CRC-32 before");
            let expected = [b"abcPK\x07\x08\xc2\x41\x24\x35", &sizes[..], b"PK\x01\x02"].concat();
            assert!(out[data..].starts_with(&expected), "{out:?}");
        }
    }
}

//! The bytes that items have: given, or made up as they are read.

use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, OnceLock};

use aws_lc_rs::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY};
use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use md5::Md5;
use sha2::{Digest as _, Sha256};

/// How much of a body is handed to the connection at once.
const CHUNK: u64 = 64 * 1024;

/// The bytes of an item.
#[derive(Clone, Debug)]
pub enum Content {
    /// These.
    Bytes(Bytes),
    /// Noise that nothing compresses, made while it is read: for files larger
    /// than a test wants to hold. Equal seeds give equal bytes.
    Pattern {
        /// Which noise.
        seed: u64,
        /// How many bytes of it.
        len: u64,
    },
    /// What begins and ends as a JPEG file does and is noise between, made while it is read.
    /// No two seeds give the same picture, as long as there is room for one.
    Picture {
        /// Which noise.
        seed: u64,
        /// How many bytes in all.
        len: u64,
    },
    /// What is in a file of the machine, which nobody else knows.
    Filed {
        /// The file.
        file: Arc<File>,
        /// How many bytes it has.
        len: u64,
    },
}

impl Content {
    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Pattern { len, .. } | Self::Picture { len, .. } | Self::Filed { len, .. } => *len,
        }
    }

    /// Whether there are no bytes at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All its bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Bytes {
        self.slice(0..self.len())
    }

    /// Those of its bytes that lie in `range`, which may reach beyond its end.
    ///
    /// # Panics
    ///
    /// If the machine cannot read its own file.
    #[must_use]
    pub fn slice(&self, range: Range<u64>) -> Bytes {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        match self {
            Self::Bytes(bytes) => bytes.slice(to_index(start)..to_index(end)),
            Self::Pattern { seed, .. } => pattern(*seed, start..end),
            Self::Picture { seed, len } => picture(*seed, *len, start..end),
            Self::Filed { file, .. } => filed(file, start..end),
        }
    }

    /// Its bytes, one chunk after the other.
    pub(super) fn chunks(&self) -> impl Iterator<Item = Bytes> {
        (0..self.len()).step_by(to_index(CHUNK)).map(|start| self.slice(start..start + CHUNK))
    }

    /// Reads it from its first byte on.
    pub(super) fn reader(&self) -> impl Read {
        Reading { content: self, at: 0 }
    }

    /// The bytes in `range` as the body of an answer, without a stated length.
    pub(super) fn body(&self, range: Range<u64>) -> Body {
        let content = self.clone();
        let chunks = range.clone().step_by(to_index(CHUNK)).map(move |start| {
            Ok::<_, io::Error>(content.slice(start..range.end.min(start + CHUNK)))
        });
        Body::from_stream(stream::iter(chunks))
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Bytes(Bytes::copy_from_slice(text.as_bytes()))
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(Bytes::copy_from_slice(bytes))
    }
}

impl<const N: usize> From<&[u8; N]> for Content {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(bytes.as_slice())
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes.into())
    }
}

impl From<Bytes> for Content {
    fn from(bytes: Bytes) -> Self {
        Self::Bytes(bytes)
    }
}

/// A content that is being read.
struct Reading<'a> {
    content: &'a Content,
    at: u64,
}

impl Read for Reading<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk = self.content.slice(self.at..self.at + (buffer.len() as u64).min(CHUNK));
        buffer[..chunk.len()].copy_from_slice(&chunk);
        self.at += chunk.len() as u64;
        Ok(chunk.len())
    }
}

/// A content and its checksums, which are made when they are first asked for.
#[derive(Clone, Debug)]
pub(super) struct Blob {
    pub content: Content,
    digests: OnceLock<Digests>,
}

/// What Drive states of a file's bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Digests {
    pub md5: [u8; 16],
    pub sha1: [u8; 20],
    pub sha256: [u8; 32],
}

impl Blob {
    pub fn new(content: Content) -> Self {
        Self { content, digests: OnceLock::new() }
    }

    pub fn digests(&self) -> &Digests {
        self.digests.get_or_init(|| digest(&self.content))
    }
}

fn digest(content: &Content) -> Digests {
    let mut md5 = Md5::new();
    let mut sha1 = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
    let mut sha256 = Sha256::new();
    for chunk in content.chunks() {
        md5.update(&chunk);
        sha1.update(&chunk);
        sha256.update(&chunk);
    }
    let mut sha1_bytes = [0; 20];
    sha1_bytes.copy_from_slice(sha1.finish().as_ref());
    Digests { md5: md5.finalize().into(), sha1: sha1_bytes, sha256: sha256.finalize().into() }
}

/// `bytes` in lower-case hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' + half } else { b'a' + half - 10 });
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes of the noise `seed` in `range`. They are made word by word: a benchmark's
/// sandbox is not to be what its clients wait for.
fn pattern(seed: u64, range: Range<u64>) -> Bytes {
    words(range, |number| noise(seed, number)).into()
}

/// The bytes in `range` of what consists of these words, by their number.
fn words(range: Range<u64>, word: impl Fn(u64) -> [u8; 8]) -> Vec<u8> {
    let words = range.start / 8..range.end.div_ceil(8);
    let mut bytes = Vec::with_capacity(to_index(words.end.saturating_sub(words.start)) * 8);
    words.for_each(|number| bytes.extend_from_slice(&word(number)));
    let first = to_index(range.start % 8);
    bytes.drain(..first.min(bytes.len()));
    bytes.truncate(to_index(range.end - range.start));
    bytes
}

/// What a JPEG file has around its picture's data: those begin after the header of its only scan.
const JPEG: &[u8] = include_bytes!("library/preview.jpg");
const START_OF_SCAN: [u8; 2] = [0xff, 0xda];
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// The bytes in `range` of the picture `seed` that has `len` in all. One that is too short for
/// a picture is noise alone.
fn picture(seed: u64, len: u64, range: Range<u64>) -> Bytes {
    let scan = JPEG.windows(2).position(|two| two == START_OF_SCAN).unwrap_or(0);
    let head = scan + 2 + usize::from(u16::from_be_bytes([JPEG[scan + 2], JPEG[scan + 3]]));
    let tail = len.saturating_sub(END_OF_IMAGE.len() as u64);
    if tail < head as u64 + 16 {
        return pattern(seed, range);
    }
    // Without its highest bit no byte can begin a marker.
    let mut bytes = words(range.clone(), |number| noise(seed, number).map(|byte| byte & 0x7f));
    let (start, end) = (range.start, range.end);
    for (from, part) in [(0, &JPEG[..head]), (tail, &END_OF_IMAGE)] {
        let within = start.max(from)..end.min(from + part.len() as u64);
        if !within.is_empty() {
            let of_part = to_index(within.start - from)..to_index(within.end - from);
            let of_range = to_index(within.start - start)..to_index(within.end - start);
            bytes[of_range].copy_from_slice(&part[of_part]);
        }
    }
    bytes.into()
}

fn filed(file: &File, range: Range<u64>) -> Bytes {
    let mut bytes = vec![0; to_index(range.end - range.start)];
    match file.read_exact_at(&mut bytes, range.start) {
        Ok(()) => bytes.into(),
        Err(error) => panic!("the sandbox cannot read its own file: {error}"),
    }
}

/// A word of the noise `seed`: splitmix64 of its number.
fn noise(seed: u64, number: u64) -> [u8; 8] {
    let mut word = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (word ^ (word >> 31)).to_le_bytes()
}

/// A place in something that is in memory.
fn to_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_the_bytes() {
        let blob = Blob::new("abc".into());
        assert_eq!(hex(&blob.digests().md5), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(hex(&blob.digests().sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
        assert!(hex(&blob.digests().sha256).starts_with("ba7816bf8f01cfea"));
    }

    #[test]
    fn a_picture_begins_and_ends_as_a_jpeg_and_is_of_its_own() {
        let picture = |seed| Content::Picture { seed, len: 2000 };
        let whole = picture(7).to_bytes();
        assert_eq!((whole.len(), &whole[..3]), (2000, [0xff, 0xd8, 0xff].as_slice()));
        assert_eq!(whole[1998..], END_OF_IMAGE);
        assert_eq!(picture(7).slice(600..1999), whole[600..1999]);
        assert_ne!(picture(8).to_bytes(), whole);
        assert_eq!(Content::Picture { seed: 7, len: 3 }.to_bytes(), pattern(7, 0..3));
    }

    #[test]
    fn a_part_of_a_pattern_is_the_same_as_that_part_of_the_whole() {
        let pattern = Content::Pattern { seed: 7, len: 1000 };
        let whole = pattern.to_bytes();
        assert_eq!(pattern.slice(13..700), whole[13..700]);
        assert_eq!(pattern.slice(990..2000), whole[990..]);
        assert_eq!(pattern.slice(16..16), whole[16..16]);
        assert_ne!(whole, Content::Pattern { seed: 8, len: 1000 }.to_bytes());
    }
}

//! What a picture is without what is said of it: a checksum that stays the same when
//! metadata is added, changed or taken out, as Google does with the place.
//!
//! JPEG, PNG and WebP are taken apart. HEIF is not: its metadata and its picture lie
//! among one another, by offsets that change with either.

use std::io::{BufRead, BufReader, Read, Seek};

use sha2::{Digest as _, Sha256};

use super::jpeg;
use super::steady::Steady;
use crate::model;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The chunks of a PNG that only say something of the picture (PNG 3rd edition, 11.3.3,
/// 11.3.4).
const PNG_METADATA: [&[u8; 4]; 5] = [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"];

/// In the first byte of a WebP's VP8X chunk: it is a film of several frames.
const ANIMATED: u8 = 0x02;

/// Returns the SHA-256 of the picture in `file` without its metadata; `None` if it is
/// no picture of a sort that is taken apart, or not a whole one.
#[must_use]
pub fn picture_digest(mut file: impl Read + Seek) -> Option<model::Sha256> {
    file.rewind().ok()?;
    let mut file = BufReader::with_capacity(64 * 1024, Steady(file));
    let head = file.fill_buf().ok()?;
    let digest = if jpeg::is_jpeg(head) {
        of_jpeg(file)
    } else if head.starts_with(PNG) {
        of_png(file)
    } else if head.starts_with(b"RIFF") {
        of_webp(file)
    } else {
        None
    }?;
    Some(model::Sha256(digest.finalize().into()))
}

fn of_jpeg(file: impl BufRead) -> Option<Sha256> {
    let mut digest = Sha256::new_with_prefix("jpeg");
    let mut has_scan = false;
    jpeg::read(file, |marker, body| match marker {
        jpeg::SCAN_DATA => digest.update(body),
        _ if jpeg::is_metadata(marker) => {}
        _ => {
            has_scan |= marker == jpeg::START_OF_SCAN;
            frame(&mut digest, &[marker], body.len() as u64);
            digest.update(body);
        }
    })?;
    has_scan.then_some(digest)
}

fn of_png(mut file: impl BufRead) -> Option<Sha256> {
    let mut digest = Sha256::new_with_prefix("png");
    let mut has_data = false;
    file.read_exact(&mut [0; PNG.len()]).ok()?;
    loop {
        let len = u64::from(u32::from_be_bytes(four(&mut file)?));
        let name = four(&mut file)?;
        let is_metadata = PNG_METADATA.contains(&&name);
        take(&mut file, len, &name, (!is_metadata).then_some(&mut digest))?;
        let _checksum = four(&mut file)?;
        has_data |= &name == b"IDAT";
        if &name == b"IEND" {
            return has_data.then_some(digest);
        }
    }
}

fn of_webp(mut file: impl BufRead) -> Option<Sha256> {
    let mut digest = Sha256::new_with_prefix("webp");
    let mut has_data = false;
    let _riff = four(&mut file)?;
    let len = u64::from(u32::from_le_bytes(four(&mut file)?)).checked_sub(4)?;
    if &four(&mut file)? != b"WEBP" {
        return None;
    }
    let mut left = len;
    while left > 0 {
        let name = four(&mut file)?;
        let len = u64::from(u32::from_le_bytes(four(&mut file)?));
        let is_film = file.fill_buf().ok()?.first().is_some_and(|flags| flags & ANIMATED != 0);
        let is_metadata = match &name {
            b"EXIF" | b"XMP " => true,
            // It says which other chunks there are; a picture without metadata may do
            // without it. Of a film it has the size as well.
            b"VP8X" => !is_film,
            _ => false,
        };
        has_data |= matches!(&name, b"VP8 " | b"VP8L" | b"ANMF");
        let padded = len + len % 2;
        // A film's flags say too whether there is metadata.
        let skipped = u64::from(&name == b"VP8X" && len > 0);
        take(&mut file, skipped, &name, None)?;
        take(&mut file, padded - skipped, &name, (!is_metadata).then_some(&mut digest))?;
        left = left.checked_sub(8 + padded)?;
    }
    has_data.then_some(digest)
}

/// Reads a chunk's body to its end, and into `digest` where there is one.
fn take(
    file: &mut impl BufRead,
    len: u64,
    name: &[u8],
    mut digest: Option<&mut Sha256>,
) -> Option<()> {
    if let Some(digest) = &mut digest {
        frame(digest, name, len);
    }
    let mut left = len;
    while left > 0 {
        let buffer = file.fill_buf().ok()?;
        if buffer.is_empty() {
            return None;
        }
        let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if let Some(digest) = &mut digest {
            digest.update(&buffer[..count]);
        }
        file.consume(count);
        left -= count as u64;
    }
    Some(())
}

/// Keeps the parts of a picture apart: bytes that move from one to the next change it.
fn frame(digest: &mut Sha256, name: &[u8], len: u64) {
    digest.update(name);
    digest.update(len.to_be_bytes());
}

fn four(file: &mut impl Read) -> Option<[u8; 4]> {
    let mut four = [0; 4];
    file.read_exact(&mut four).ok()?;
    Some(four)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    const LAKE: &[u8] = include_bytes!("../sandbox/library/alpine_lake.jpg");

    #[test]
    fn a_jpeg_is_the_same_without_its_metadata_and_without_what_follows_it() {
        let scan = LAKE.windows(2).position(|marker| marker == [0xff, 0xdb]).unwrap();
        let stripped = [&[0xff, 0xd8], &LAKE[scan..]].concat();
        assert!(stripped.len() < LAKE.len());
        assert_eq!(digest(&stripped), digest(LAKE));
        let with_film = [LAKE, b"\0\0\0\x18ftypmp42 and the film of a motion photo"].concat();
        assert_eq!(digest(&with_film), digest(LAKE));
        assert!(digest(LAKE).is_some());
    }

    #[test]
    fn a_picture_that_is_cut_has_none() {
        for whole in [LAKE.to_vec(), a_png(&[]), a_webp(&[], *b"VP8 data")] {
            assert!(digest(&whole).is_some());
            for end in [0, 1, 2, 4, 11, 20, whole.len() - 1] {
                assert_eq!(digest(&whole[..end]), None, "{end} of {}", whole.len());
            }
        }
        assert_eq!(digest(b"\xff\xd8\xff\xd9"), None);
        assert_eq!(digest(b"GIF89a"), None);
    }

    #[test]
    fn chunks_of_png_that_only_say_something_do_not_matter() {
        let text = chunk(*b"tEXt", b"Title\0Lake", u32::to_be_bytes, 4);
        let exif = chunk(*b"eXIf", b"MM\0*", u32::to_be_bytes, 4);
        let clear = chunk(*b"tRNS", b"\0", u32::to_be_bytes, 4);
        assert_eq!(digest(&a_png(&[text, exif])), digest(&a_png(&[])));
        assert_ne!(digest(&a_png(&[clear])), digest(&a_png(&[])));
    }

    #[test]
    fn a_webp_is_the_same_with_and_without_exif_and_the_header_that_announces_it() {
        let simple = a_webp(&[], *b"VP8 data");
        let header = riff(*b"VP8X", &[0x08, 0, 0, 0, 1, 0, 0, 1, 0, 0]);
        let exif = riff(*b"EXIF", b"odd");
        let extended = a_webp(&[header, exif], *b"VP8 data");
        assert_eq!(digest(&extended), digest(&simple));
        assert_ne!(digest(&a_webp(&[], *b"VP8 datb")), digest(&simple));
        // Of a film the header has the size.
        let film = |flags, width| {
            let header = riff(*b"VP8X", &[flags, 0, 0, 0, width, 0, 0, 1, 0, 0]);
            digest(&a_webp(&[header], *b"ANMFdata"))
        };
        assert_eq!(film(0x02, 1), film(0x0a, 1));
        assert_ne!(film(0x02, 1), film(0x02, 2));
    }

    proptest! {
        #[test]
        fn metadata_put_in_anywhere_before_the_picture_changes_nothing(
            marker in prop::sample::select(vec![0xe0, 0xe1, 0xe2, 0xed, 0xfe]),
            body in prop::collection::vec(any::<u8>(), 0..2000),
        ) {
            let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
            let more = [&LAKE[..2], &[0xff, marker], &len, &body, &LAKE[2..]].concat();
            prop_assert_eq!(digest(&more), digest(LAKE));
        }

        #[test]
        fn another_picture_is_another_checksum(at: prop::sample::Index, by in 1_u8..) {
            let scan = LAKE.windows(2).position(|marker| marker == [0xff, 0xda]).unwrap();
            let mut changed = LAKE.to_vec();
            // Not the two bytes at the end: without them it is not whole.
            let at = scan + 14 + at.index(LAKE.len() - scan - 16);
            changed[at] = changed[at].wrapping_add(by);
            prop_assert_ne!(digest(&changed), digest(LAKE));
        }

        #[test]
        fn no_file_makes_it_fail(
            head in prop::sample::select(vec![
                &b"\xff\xd8\xff"[..], PNG, b"RIFF", b"RIFF\xff\xff\0\0WEBP", LAKE,
            ]),
            tail in prop::collection::vec(any::<u8>(), 0..200),
            cut: prop::sample::Index,
        ) {
            let mut bytes = head.to_vec();
            bytes.truncate(cut.index(head.len() + 1));
            bytes.extend(tail);
            let _any = digest(&bytes);
        }
    }

    fn digest(bytes: &[u8]) -> Option<model::Sha256> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        picture_digest(file)
    }

    fn a_png(more: &[Vec<u8>]) -> Vec<u8> {
        let of = |name: &[u8; 4], body: &[u8]| chunk(*name, body, u32::to_be_bytes, 4);
        let mut bytes = PNG.to_vec();
        bytes.extend(of(b"IHDR", &[0; 13]));
        bytes.extend(more.concat());
        bytes.extend(of(b"IDAT", b"data"));
        bytes.extend(of(b"IEND", b""));
        bytes
    }

    /// `data` is the name of a chunk and what is in it.
    fn a_webp(more: &[Vec<u8>], data: [u8; 8]) -> Vec<u8> {
        let (name, data) = data.split_first_chunk().unwrap();
        let body = [b"WEBP".to_vec(), more.concat(), riff(*name, data)].concat();
        riff(*b"RIFF", &body)
    }

    fn riff(name: [u8; 4], body: &[u8]) -> Vec<u8> {
        let mut bytes = name.to_vec();
        bytes.extend(u32::try_from(body.len()).unwrap().to_le_bytes());
        bytes.extend(body);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    fn chunk(name: [u8; 4], body: &[u8], len: fn(u32) -> [u8; 4], crc: usize) -> Vec<u8> {
        let len = len(u32::try_from(body.len()).unwrap());
        [&len[..], &name, body, &[0; 4][..crc]].concat()
    }
}

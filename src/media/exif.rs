//! Where pictures have their EXIF: as TIFF, within JPEG, PNG, WebP, HEIF, AVIF, CR3 and RAF.

use std::io::{BufRead, Cursor, Read as _, Seek, SeekFrom};

use super::{boxes, directories, jpeg};

/// How an EXIF segment of a JPEG begins (EXIF 2.32, 4.7.2).
const EXIF: &[u8] = b"Exif\0\0";
const APP1: u8 = 0xe1;

/// So far into a JPEG its EXIF is looked for: it stands before the picture.
const JPEG_HEAD_BYTES: u64 = 1 << 20;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const RAF: &[u8] = b"FUJIFILMCCD-RAW ";
/// Where a RAF says where its preview is, a JPEG with the tags.
const RAF_PREVIEW: u64 = 84;

/// No chunk with tags is longer, in bytes.
const CHUNK_BYTES_MAX: u64 = 1 << 20;
/// How many chunks are looked at: the pixels of a large PNG lie in some thousand.
const CHUNKS_MAX: usize = 1 << 16;

/// Returns those tags of the picture in `file` that matter, as a small TIFF of their own.
pub(super) fn read(file: &mut (impl BufRead + Seek)) -> Option<Vec<u8>> {
    let head = file.fill_buf().ok()?;
    if jpeg::is_jpeg(head) {
        in_bytes(&in_jpeg(file)?)
    } else if head.starts_with(PNG) {
        in_bytes(&in_png(file)?)
    } else if head.starts_with(b"RIFF") {
        in_bytes(&in_webp(file)?)
    } else if head.starts_with(RAF) {
        in_bytes(&in_raf(file)?)
    } else if boxes::are_in(head) {
        if let Some(tiff) = boxes::of_heif(file) {
            return in_bytes(&tiff);
        }
        let [main, exif, gps] = boxes::of_cr3(file)?.map(Cursor::new);
        directories::read_apart(main, exif, gps)
    } else {
        directories::read(file)
    }
}

/// Some programs put the beginning of a JPEG's segment elsewhere as well.
fn in_bytes(tiff: &[u8]) -> Option<Vec<u8>> {
    directories::read(Cursor::new(tiff.strip_prefix(EXIF).unwrap_or(tiff)))
}

fn in_jpeg(file: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut found = None;
    // It is cut, but for small pictures.
    let _cut = jpeg::read(file.take(JPEG_HEAD_BYTES), |marker, body| {
        if marker == APP1 && body.starts_with(EXIF) && found.is_none() {
            found = Some(body.to_vec());
        }
    });
    found
}

fn in_raf(file: &mut (impl BufRead + Seek)) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(RAF_PREVIEW)).ok()?;
    let mut at = [0; 4];
    file.read_exact(&mut at).ok()?;
    file.seek(SeekFrom::Start(u32::from_be_bytes(at).into())).ok()?;
    in_jpeg(file)
}

fn in_png(file: &mut (impl BufRead + Seek)) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(PNG.len() as u64)).ok()?;
    let mut written = None;
    for _ in 0..CHUNKS_MAX {
        let Some((len, name)) = chunk_head(file, u32::from_be_bytes, true) else { break };
        match &name {
            b"eXIf" => return body(file, len),
            b"tEXt" if written.is_none() => {
                written = in_text(&body(file, len)?);
                file.seek_relative(4).ok()?;
            }
            b"IEND" => break,
            // Behind a chunk is its checksum.
            _ => file.seek_relative(i64::from(len) + 4).ok()?,
        }
    }
    written
}

fn in_webp(file: &mut (impl BufRead + Seek)) -> Option<Vec<u8>> {
    file.seek(SeekFrom::Start(12)).ok()?;
    for _ in 0..CHUNKS_MAX {
        let (len, name) = chunk_head(file, u32::from_le_bytes, false)?;
        if &name == b"EXIF" {
            return body(file, len);
        }
        file.seek_relative(i64::from(len) + i64::from(len % 2)).ok()?;
    }
    None
}

/// A chunk's length and name, which stand in either order.
fn chunk_head(
    file: &mut impl BufRead,
    number: fn([u8; 4]) -> u32,
    len_first: bool,
) -> Option<(u32, [u8; 4])> {
    let mut head = [[0; 4]; 2];
    file.read_exact(head.as_flattened_mut()).ok()?;
    let [one, other] = head;
    Some(if len_first { (number(one), other) } else { (number(other), one) })
}

fn body(file: &mut impl BufRead, len: u32) -> Option<Vec<u8>> {
    let len = Some(u64::from(len)).filter(|len| *len <= CHUNK_BYTES_MAX)?;
    let mut body = Vec::new();
    file.take(len).read_to_end(&mut body).ok()?;
    (body.len() as u64 == len).then_some(body)
}

/// Before PNG had a chunk for EXIF, `ImageMagick` wrote it as a text: a word, how many bytes
/// there are, and these in hex.
fn in_text(text: &[u8]) -> Option<Vec<u8>> {
    let names = [&b"Raw profile type exif\0"[..], b"Raw profile type APP1\0"];
    let profile = names.iter().find_map(|name| text.strip_prefix(*name))?;
    let mut words = profile.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let (_word, _count) = (words.next()?, words.next()?);
    let digits: Vec<_> = words.flatten().map(|digit| char::from(*digit).to_digit(16)).collect();
    let pairs = digits.chunks_exact(2).map(|pair| u8::try_from(pair[0]? << 4 | pair[1]?).ok());
    pairs.collect()
}

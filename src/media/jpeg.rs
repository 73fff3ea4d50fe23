//! The segments of a JPEG, one after another, up to the end of its first picture.
//!
//! What follows that end (a motion photo's film, further pictures) is left unread.
//! Nothing is decoded.

use std::io::{BufRead, Read as _};

/// Stands for the marker of pieces of a scan's coded data, which has none.
pub(super) const SCAN_DATA: u8 = 0;

/// Start of scan: its coded data follows.
pub(super) const START_OF_SCAN: u8 = 0xda;

const MAGIC: [u8; 2] = [0xff, 0xd8];
const END_OF_IMAGE: u8 = 0xd9;

/// Says whether a file that begins with `head` is a JPEG.
pub(super) fn is_jpeg(head: &[u8]) -> bool {
    head.starts_with(&MAGIC)
}

/// Says whether a segment says something of the picture, and is no part of it.
pub(super) fn is_metadata(marker: u8) -> bool {
    matches!(marker, 0xe0..=0xef | 0xfe)
}

/// Hands `take` each segment with its marker, scans in pieces, and stops after the
/// end of the picture. `None` if it is no JPEG or has no such end.
pub(super) fn read(mut file: impl BufRead, mut take: impl FnMut(u8, &[u8])) -> Option<()> {
    let mut magic = [0; 2];
    file.read_exact(&mut magic).ok()?;
    if magic != MAGIC || byte(&mut file)? != 0xff {
        return None;
    }
    let mut marker = marker(&mut file)?;
    let mut body = Vec::new();
    loop {
        match marker {
            END_OF_IMAGE => return Some(()),
            // Markers without a length (ITU T.81, table B.1).
            0x01 | 0xd0..=0xd8 => take(marker, &[]),
            _ => {
                let len = u16::from_be_bytes([byte(&mut file)?, byte(&mut file)?]);
                let len = len.checked_sub(2)?;
                body.clear();
                file.by_ref().take(len.into()).read_to_end(&mut body).ok()?;
                if body.len() < len.into() {
                    return None;
                }
                take(marker, &body);
            }
        }
        marker = if marker == START_OF_SCAN {
            scan(&mut file, &mut take)?
        } else if byte(&mut file)? == 0xff {
            self::marker(&mut file)?
        } else {
            return None;
        };
    }
}

/// Reads the code behind an 0xff; more of these may come before it, and mean nothing.
fn marker(file: &mut impl BufRead) -> Option<u8> {
    loop {
        match byte(file)? {
            0xff => {}
            0 => return None,
            marker => return Some(marker),
        }
    }
}

/// Hands on a scan's data, and returns the marker that ends it.
fn scan(file: &mut impl BufRead, take: &mut impl FnMut(u8, &[u8])) -> Option<u8> {
    loop {
        let buffer = file.fill_buf().ok()?;
        if buffer.is_empty() {
            return None;
        }
        let Some(end) = buffer.iter().position(|byte| *byte == 0xff) else {
            let all = buffer.len();
            take(SCAN_DATA, buffer);
            file.consume(all);
            continue;
        };
        take(SCAN_DATA, &buffer[..end]);
        file.consume(end + 1);
        let mut code = byte(file)?;
        while code == 0xff {
            code = byte(file)?;
        }
        match code {
            // An 0xff of the data itself, or a mark to begin anew at.
            0 | 0xd0..=0xd7 => take(SCAN_DATA, &[0xff, code]),
            marker => return Some(marker),
        }
    }
}

fn byte(file: &mut impl BufRead) -> Option<u8> {
    let mut byte = [0];
    file.read_exact(&mut byte).ok()?;
    Some(byte[0])
}

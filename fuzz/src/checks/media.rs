//! What pictures and films say of themselves.

use std::io::Cursor;

use chrono::Datelike as _;
use gphotos_sync::media::{Told, picture_digest};
use gphotos_sync::model::Shot;

use super::reader::{Manner, Reader};

/// A file is read by two readers of tags, one of headers and three of ours, all of which
/// may go over it more than once. No more often than this, though.
const TIMES_READ_MAX: u64 = 64;

/// What is read beside that of any file: buffers of small and empty ones.
const BYTES_READ_MORE: u64 = 1 << 20;

/// Reads `bytes` as a picture and as a film, from files of every manner.
pub fn check(bytes: &[u8]) {
    for (title, mime_type) in [("a.jpg", "image/jpeg"), ("a.mov", "video/quicktime")] {
        let plain = told(bytes, Manner::Plain, title, mime_type);
        is_plausible(&plain.shot);
        // Which of them is asked must be fixed by the bytes, so that a finding can be repeated.
        match bytes.len() % 4 {
            0 => assert_eq!(told(bytes, Manner::Slow, title, mime_type), plain),
            1 => is_plausible(&told(bytes, Manner::Lying, title, mime_type).shot),
            2 => is_plausible(&told(bytes, Manner::Failing, title, mime_type).shot),
            _ => {}
        }
    }
    assert_eq!(Told::read(Cursor::new(bytes), "a.txt", "text/plain"), Told::default());
    metadata_does_not_change_the_picture(bytes);
}

fn told(bytes: &[u8], manner: Manner, title: &str, mime_type: &str) -> Told {
    let mut file = Reader::new(bytes, manner);
    let told = Told::read(&mut file, title, mime_type);
    let most = TIMES_READ_MAX * bytes.len() as u64 + BYTES_READ_MORE;
    assert!(file.bytes_read() <= most, "{} bytes read of {}", file.bytes_read(), bytes.len());
    assert!(file.calls() <= most, "asked {} times for {} bytes", file.calls(), bytes.len());
    told
}

fn is_plausible(shot: &Shot) {
    assert!(shot.taken.is_none_or(|(taken, _)| (1825..=2101).contains(&taken.year())));
    assert!(shot.width != Some(0) && shot.height != Some(0));
    assert!(shot.latitude.is_none_or(|north| (-90.0..=90.0).contains(&north)));
    assert!(shot.longitude.is_none_or(|east| (-180.0..=180.0).contains(&east)));
    assert_eq!(shot.latitude.is_some(), shot.longitude.is_some());
    assert!(shot.duration_ms.is_none_or(|ms| ms > 0));
    if let Some(camera) = &shot.camera {
        assert!(!camera.is_empty() && camera.chars().count() <= 201);
        assert!(!camera.chars().any(char::is_control), "{camera:?}");
    }
}

/// Puts metadata into the picture, of which its digest may know nothing.
fn metadata_does_not_change_the_picture(bytes: &[u8]) {
    let Some(digest) = picture_digest(Cursor::new(bytes)) else { return };
    let more = match bytes {
        [0xff, 0xd8, rest @ ..] => [b"\xff\xd8\xff\xe1\0\x05Exi", rest].concat(),
        [b'R', b'I', b'F', b'F', a, b, c, d, kind @ ..] => {
            let len = u32::from_le_bytes([*a, *b, *c, *d]) + 12;
            let (webp, chunks) = kind.split_at(4);
            [b"RIFF", &len.to_le_bytes()[..], webp, b"EXIF\x03\0\0\0MM\0\0", chunks].concat()
        }
        _ => {
            let (magic, chunks) = bytes.split_at(8);
            [magic, b"\0\0\0\x03tEXta\0b\0\0\0\0", chunks].concat()
        }
    };
    assert_eq!(picture_digest(Cursor::new(&more)), Some(digest));
}

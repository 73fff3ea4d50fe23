//! Whether a picture is a motion photo, and whether its film is in the same file.
//!
//! After <https://developer.android.com/media/platform/motion-photo-format>: the XMP says
//! so (`GCamera:MotionPhoto`, `GCamera:MicroVideo` before 2020). In a JPEG the film is
//! appended, in a HEIF it is in a box `mpvd`.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use super::jpeg;
use super::steady::Steady;

/// How an XMP segment of a JPEG begins (XMP part 3, 1.1.3).
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const APP1: u8 = 0xe1;

/// What a film's first box is called, whichever kind of MP4 it is.
const FILM: &[u8] = b"ftyp";

/// So far into a JPEG its XMP is looked for: it stands before the picture.
const JPEG_HEAD_BYTES: u64 = 1 << 20;

/// Where a HEIF has its XMP is not looked up: it stands in so many of its first bytes.
const HEIF_HEAD_BYTES: u64 = 1 << 20;

/// How many boxes of a HEIF are looked at: it has four or five.
const BOXES_MAX: usize = 64;

/// Whether a picture is a motion photo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Motion {
    /// It is not, as far as can be told.
    #[default]
    None,
    /// It is, and its film is not in the file.
    Still,
    /// It is, and its film is in the file.
    Whole,
}

/// Says whether the picture in `file` is a motion photo. Whatever cannot be read is none.
#[must_use]
pub fn motion(mut file: impl Read + Seek) -> Motion {
    if file.rewind().is_err() {
        return Motion::None;
    }
    let mut file = BufReader::with_capacity(64 * 1024, Steady(file));
    let found = match file.fill_buf() {
        Ok(head) if jpeg::is_jpeg(head) => in_jpeg(file),
        Ok(head) if head.get(4..8) == Some(b"ftyp") => in_heif(file),
        _ => None,
    };
    found.unwrap_or_default()
}

fn in_jpeg(mut file: impl BufRead + Seek) -> Option<Motion> {
    let mut says_so = false;
    let head = file.by_ref().take(JPEG_HEAD_BYTES);
    // It is cut, but for small pictures.
    let _cut = jpeg::read(head, |marker, body| {
        says_so |= marker == APP1 && body.strip_prefix(XMP).is_some_and(tells_of_motion);
    });
    if !says_so {
        return Some(Motion::None);
    }
    file.rewind().ok()?;
    jpeg::read(&mut file, |_, _| {})?;
    Some(if has_film(file) { Motion::Whole } else { Motion::Still })
}

/// Says whether a film is somewhere in the rest of the file.
fn has_film(mut file: impl BufRead) -> bool {
    let mut kept = Vec::new();
    loop {
        let Ok(buffer) = file.fill_buf() else { return false };
        if buffer.is_empty() {
            return false;
        }
        let read = buffer.len();
        kept.extend_from_slice(buffer);
        file.consume(read);
        if contains(&kept, FILM) {
            return true;
        }
        // A name that lies across two readings is found with the next one.
        kept.drain(..kept.len().saturating_sub(FILM.len() - 1));
    }
}

fn in_heif(mut file: impl BufRead + Seek) -> Option<Motion> {
    let mut at = 0;
    for _ in 0..BOXES_MAX {
        file.seek(SeekFrom::Start(at)).ok()?;
        let Some((name, len)) = heif_box(&mut file) else { break };
        if &name == b"mpvd" {
            return Some(Motion::Whole);
        }
        at = at.checked_add(len)?;
    }
    file.rewind().ok()?;
    let mut head = Vec::new();
    file.take(HEIF_HEAD_BYTES).read_to_end(&mut head).ok()?;
    Some(if tells_of_motion(&head) { Motion::Still } else { Motion::None })
}

/// A box's name and its whole length; `None` for one that goes on to the end.
fn heif_box(file: &mut impl BufRead) -> Option<([u8; 4], u64)> {
    let mut head = [0; 8];
    file.read_exact(&mut head).ok()?;
    let [a, b, c, d, name @ ..] = head;
    let len = match u32::from_be_bytes([a, b, c, d]) {
        // The length stands behind the name, in 64 bits.
        1 => {
            let mut long = [0; 8];
            file.read_exact(&mut long).ok()?;
            u64::from_be_bytes(long)
        }
        len => len.into(),
    };
    (len >= 8).then_some((name, len))
}

/// As an attribute or as an element: XMP allows both.
fn tells_of_motion(xmp: &[u8]) -> bool {
    ["Camera:MotionPhoto", "Camera:MicroVideo"].into_iter().any(|property| {
        [format!("{property}=\"1\""), format!("{property}='1'"), format!("{property}>1<")]
            .iter()
            .any(|said| contains(xmp, said.as_bytes()))
    })
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    const LAKE: &[u8] = include_bytes!("../sandbox/library/alpine_lake.jpg");
    const CLIP: &[u8] = b"\0\0\0\x18ftypmp42";

    #[test]
    fn the_xmp_says_so_and_the_film_is_there_or_not() {
        for said in [
            "GCamera:MotionPhoto=\"1\"",
            "GCamera:MicroVideo=\"1\"",
            "Camera:MotionPhoto='1'",
            "<GCamera:MotionPhoto>1</GCamera:MotionPhoto>",
        ] {
            let still = with_xmp(said);
            assert_eq!(of(&still), Motion::Still, "{said}");
            assert_eq!(of(&[&still, CLIP].concat()), Motion::Whole, "{said}");
        }
        for said in ["GCamera:MotionPhoto=\"0\"", "GCamera:MotionPhotoVersion=\"1\"", ""] {
            assert_eq!(of(&[&with_xmp(said), CLIP].concat()), Motion::None, "{said}");
        }
        // A film behind a picture that does not tell of it is no motion photo.
        assert_eq!(of(&[LAKE, CLIP].concat()), Motion::None);
        assert_eq!(of(b""), Motion::None);
    }

    #[test]
    fn the_film_is_found_wherever_it_begins() {
        let still = with_xmp("GCamera:MotionPhoto=\"1\"");
        for gap in [0, 1, 65_530, 65_533, 65_534, 65_535, 65_536, 200_000] {
            assert_eq!(of(&[&still, &vec![0; gap][..], CLIP].concat()), Motion::Whole, "{gap}");
        }
    }

    #[test]
    fn a_heif_has_its_film_in_a_box_of_its_own() {
        let head = b"\0\0\0\x10ftypheic\0\0\0\0".to_vec();
        let meta = |text: &str| {
            let len = u32::try_from(text.len() + 8).unwrap().to_be_bytes();
            [&len[..], b"meta", text.as_bytes()].concat()
        };
        let still = [head.clone(), meta("GCamera:MotionPhoto=\"1\"")].concat();
        assert_eq!(of(&still), Motion::Still);
        assert_eq!(of(&[&still[..], b"\0\0\0\x08mpvd"].concat()), Motion::Whole);
        assert_eq!(of(&[head.clone(), meta("nothing")].concat()), Motion::None);
        // A box that says that it has no length must not be looked at for ever.
        assert_eq!(of(&[&head[..], b"\0\0\0\0meta"].concat()), Motion::None);
    }

    fn with_xmp(said: &str) -> Vec<u8> {
        let body = [XMP, said.as_bytes()].concat();
        let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
        [&LAKE[..2], &[0xff, APP1], &len, &body, &LAKE[2..]].concat()
    }

    fn of(bytes: &[u8]) -> Motion {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        motion(file)
    }
}

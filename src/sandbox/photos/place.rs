//! Takes the place out of a picture's EXIF, as Google Photos does for what it serves.

/// The EXIF tag that leads to the GPS directory.
const GPS: u16 = 0x8825;

/// How a TIFF header begins whose first directory follows at once.
const HEADERS: [(&[u8], Order); 2] =
    [(b"MM\0*\0\0\0\x08", Order::Big), (b"II*\0\x08\0\0\0", Order::Little)];

/// Bytes in an entry of a directory.
const ENTRY: usize = 12;

#[derive(Clone, Copy)]
enum Order {
    Big,
    Little,
}

/// Returns the picture without the place: as long as before, every byte of its
/// picture as before, the GPS directory overwritten and its entry gone.
///
/// It does that for whatever holds EXIF unpacked: JPEG, WebP, HEIC. What has
/// no place comes back as it was.
pub(super) fn removed(picture: &[u8]) -> Vec<u8> {
    let mut without = picture.to_vec();
    let found = HEADERS.iter().find_map(|(header, order)| {
        let at = picture.windows(header.len()).position(|window| window == *header)?;
        Some((at, *order))
    });
    if let Some((at, order)) = found {
        // A directory that reaches beyond the picture is left as it is.
        let _: Option<()> = remove(Tiff { bytes: &mut without[at..], order });
    }
    without
}

struct Tiff<'a> {
    bytes: &'a mut [u8],
    order: Order,
}

fn remove(mut tiff: Tiff<'_>) -> Option<()> {
    let first = 8;
    let count = usize::from(tiff.short(first)?);
    let index = (0..count).find(|index| tiff.short(first + 2 + index * ENTRY) == Some(GPS))?;
    let entry = first + 2 + index * ENTRY;
    let directory = tiff.long(entry + 8)?;
    tiff.blank_directory(directory)?;
    let end = first + 2 + count * ENTRY + 4;
    tiff.bytes.get(..end)?;
    tiff.bytes.copy_within(entry + ENTRY..end, entry);
    tiff.bytes[end - ENTRY..end].fill(0);
    tiff.set_short(first, u16::try_from(count - 1).ok()?)
}

impl Tiff<'_> {
    /// Overwrites a directory, and the values that it has elsewhere.
    fn blank_directory(&mut self, at: usize) -> Option<()> {
        let count = usize::from(self.short(at)?);
        for index in 0..count {
            let entry = at + 2 + index * ENTRY;
            let width = width(self.short(entry + 2)?);
            let len = self.long(entry + 4)?.checked_mul(width)?;
            if len > 4 {
                let value = self.long(entry + 8)?;
                self.bytes.get_mut(value..value.checked_add(len)?)?.fill(0);
            }
        }
        self.bytes.get_mut(at..at + 2 + count * ENTRY + 4)?.fill(0);
        Some(())
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at + 2)?.try_into().ok()?;
        Some(match self.order {
            Order::Big => u16::from_be_bytes(bytes),
            Order::Little => u16::from_le_bytes(bytes),
        })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let number = match self.order {
            Order::Big => u32::from_be_bytes(bytes),
            Order::Little => u32::from_le_bytes(bytes),
        };
        usize::try_from(number).ok()
    }

    fn set_short(&mut self, at: usize, number: u16) -> Option<()> {
        let bytes = match self.order {
            Order::Big => number.to_be_bytes(),
            Order::Little => number.to_le_bytes(),
        };
        self.bytes.get_mut(at..at + 2)?.copy_from_slice(&bytes);
        Some(())
    }
}

/// The bytes of one value of an EXIF type.
fn width(kind: u16) -> usize {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 => 4,
        5 | 10 | 12 => 8,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use exif::{In, Reader, Tag};

    use super::*;

    const LAKE: &[u8] = include_bytes!("../library/alpine_lake.jpg");

    #[test]
    fn the_place_goes_and_everything_else_stays() {
        let before = read(LAKE);
        let served = removed(LAKE);
        let after = read(&served);
        assert!(before.get_field(Tag::GPSLatitude, In::PRIMARY).is_some());
        assert!(after.fields().all(|field| field.tag.context() != exif::Context::Gps));
        for tag in [Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Tag::Make, Tag::Model] {
            let text = |exif: &exif::Exif| {
                exif.get_field(tag, In::PRIMARY).unwrap().display_value().to_string()
            };
            assert_eq!(text(&after), text(&before));
        }
        // 46 degrees, as a fraction: not even the bytes are left.
        let degrees = |bytes: &[u8]| bytes.windows(8).any(|part| part == [0, 0, 0, 46, 0, 0, 0, 1]);
        assert!(degrees(LAKE) && !degrees(&served));
        let picture = LAKE.windows(2).position(|marker| marker == [0xff, 0xdb]).unwrap();
        assert_eq!(served.len(), LAKE.len());
        assert!(served[picture..] == LAKE[picture..]);
    }

    #[test]
    fn what_has_no_place_or_no_exif_comes_back_as_it_was() {
        let dunes: &[u8] = include_bytes!("../library/dunes.jpg");
        for picture in [dunes, b"", b"text", b"MM\0*\0\0\0\x08", b"MM\0*\0\0\0\x08\xff\xff\x88\x25"]
        {
            assert!(removed(picture) == picture, "{} bytes", picture.len());
        }
        assert!(removed(&removed(LAKE)) == removed(LAKE));
    }

    fn read(picture: &[u8]) -> exif::Exif {
        Reader::new().read_from_container(&mut Cursor::new(picture)).unwrap()
    }
}

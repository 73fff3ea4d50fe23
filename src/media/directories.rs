//! The few tags of a TIFF that matter, as a TIFF of their own.
//!
//! EXIF is a TIFF: directories of tags, by offsets that may lead anywhere. A library that
//! follows all of them can be made to read sixty kilobytes as a billion tags. Here one
//! directory of each sort is read, once, and of it the tags that are asked for, each value
//! up to a limit; what a library is then given is small and leads nowhere else.

use std::io::{Read, Seek, SeekFrom};

/// Pointers to the directories of EXIF and of GPS (EXIF 2.32, 4.6.3).
const EXIF: u16 = 0x8769;
const GPS: u16 = 0x8825;

/// Size in pixels, maker, model, orientation, time.
const MAIN_TAGS: &[u16] = &[0x0100, 0x0101, 0x010f, 0x0110, 0x0112, 0x0132, EXIF, GPS];
/// Times, their offsets and fractions, size in pixels.
const EXIF_TAGS: &[u16] =
    &[0x9003, 0x9004, 0x9010, 0x9011, 0x9012, 0x9290, 0x9291, 0x9292, 0xa002, 0xa003];
/// Place, and time.
const GPS_TAGS: &[u16] = &[1, 2, 3, 4, 7, 0x1d];

/// Of one value, so many bytes are read at most.
const VALUE_BYTES_MAX: u32 = 512;

/// A tag in the order of bytes of its file, with what it says.
struct Entry {
    tag: u16,
    format: u16,
    count: u32,
    /// The value, or where it is if that has more than four bytes.
    value: Vec<u8>,
}

/// Reads the tags of the TIFF in `file`, as far as they can be read.
pub(super) fn read(file: impl Read + Seek) -> Option<Vec<u8>> {
    let (mut tiff, first) = Tiff::open(file)?;
    let mut main = tiff.directory(first, MAIN_TAGS);
    let mut led_to = |pointer, tags| {
        let at = main.iter().find(|entry| entry.tag == pointer);
        let at = at.and_then(|entry| tiff.order.number(entry));
        at.map_or_else(Vec::new, |at| tiff.directory(at, tags))
    };
    let (exif, gps) = (led_to(EXIF, EXIF_TAGS), led_to(GPS, GPS_TAGS));
    main.retain(|entry| !matches!(entry.tag, EXIF | GPS));
    Some(tiff.order.written(main, &exif, &gps))
}

/// Reads the tags of three TIFFs, each of which has a directory of another sort first.
pub(super) fn read_apart(
    main: impl Read + Seek,
    exif: impl Read + Seek,
    gps: impl Read + Seek,
) -> Option<Vec<u8>> {
    let (mut tiff, first) = Tiff::open(main)?;
    let mut main = tiff.directory(first, MAIN_TAGS);
    main.retain(|entry| !matches!(entry.tag, EXIF | GPS));
    let exif = first_of(exif, tiff.order, EXIF_TAGS);
    let gps = first_of(gps, tiff.order, GPS_TAGS);
    Some(tiff.order.written(main, &exif, &gps))
}

fn first_of(file: impl Read + Seek, order: Order, tags: &[u16]) -> Vec<Entry> {
    let tiff = Tiff::open(file).filter(|(tiff, _)| tiff.order == order);
    tiff.map_or_else(Vec::new, |(mut tiff, first)| tiff.directory(first, tags))
}

struct Tiff<R> {
    file: R,
    order: Order,
}

impl<R: Read + Seek> Tiff<R> {
    /// A TIFF, and where its first directory is.
    fn open(mut file: R) -> Option<(Self, u32)> {
        let mut head = [0; 8];
        file.read_exact(&mut head).ok()?;
        let [a, b, c, d, first @ ..] = head;
        let order = match [a, b, c, d] {
            [b'I', b'I', 42, 0] => Order::Little,
            [b'M', b'M', 0, 42] => Order::Big,
            _ => return None,
        };
        Some((Self { file, order }, order.u32(first)))
    }

    /// Those `tags` of the directory `at` that can be read; of several equal ones the last.
    fn directory(&mut self, at: u32, tags: &[u16]) -> Vec<Entry> {
        let mut found: Vec<Entry> = Vec::new();
        let mut count = [0; 2];
        let sought = self.file.seek(SeekFrom::Start(at.into()));
        if sought.and_then(|_| self.file.read_exact(&mut count)).is_err() {
            return found;
        }
        for _ in 0..self.order.u16(count) {
            let mut raw = [0; 12];
            if self.file.read_exact(&mut raw).is_err() {
                break;
            }
            let entry = self.order.entry(raw);
            if tags.contains(&entry.tag) {
                found.retain(|earlier| earlier.tag != entry.tag);
                found.push(entry);
            }
        }
        found.retain_mut(|entry| self.resolve(entry).is_some());
        found
    }

    /// Gets the value of `entry` if that is elsewhere.
    fn resolve(&mut self, entry: &mut Entry) -> Option<()> {
        let unit = unit_bytes(entry.format)?;
        if u64::from(unit) * u64::from(entry.count) <= 4 {
            return Some(());
        }
        entry.count = entry.count.min(VALUE_BYTES_MAX / unit);
        let at = self.order.u32(*entry.value.first_chunk()?);
        self.file.seek(SeekFrom::Start(at.into())).ok()?;
        entry.value = vec![0; usize::try_from(unit * entry.count).ok()?];
        self.file.read_exact(&mut entry.value).ok()
    }
}

/// How many bytes a value of a format has (TIFF 6.0, section 2).
fn unit_bytes(format: u16) -> Option<u32> {
    match format {
        1 | 2 | 6 | 7 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}

/// In which order the bytes of a number stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn u16(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }

    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }

    fn bytes_of_u16(self, number: u16) -> [u8; 2] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    fn bytes_of_u32(self, number: u32) -> [u8; 4] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    fn entry(self, raw: [u8; 12]) -> Entry {
        let [tag, tag2, format, format2, count @ .., _, _, _, _] = raw;
        Entry {
            tag: self.u16([tag, tag2]),
            format: self.u16([format, format2]),
            count: self.u32(count),
            value: raw[8..].to_vec(),
        }
    }

    /// The number that `entry` is, whether of two bytes or of four.
    fn number(self, entry: &Entry) -> Option<u32> {
        let [a, b, ..] = *entry.value.first_chunk::<4>()?;
        match (entry.format, entry.count) {
            (3, 1) => Some(self.u16([a, b]).into()),
            (4, 1) => Some(self.u32(*entry.value.first_chunk()?)),
            _ => None,
        }
    }

    /// A TIFF of three directories.
    fn written(self, mut main: Vec<Entry>, exif: &[Entry], gps: &[Entry]) -> Vec<u8> {
        let len = |entries: usize| u32::try_from(2 + 12 * entries + 4).unwrap_or(u32::MAX);
        let exif_at = 8 + len(main.len() + 2);
        let gps_at = exif_at + len(exif.len());
        let mut tail_at = gps_at + len(gps.len());
        for (tag, at) in [(EXIF, exif_at), (GPS, gps_at)] {
            main.push(Entry { tag, format: 4, count: 1, value: self.bytes_of_u32(at).to_vec() });
        }
        let mut head = match self {
            Self::Little => b"II\x2a\0\x08\0\0\0".to_vec(),
            Self::Big => b"MM\0\x2a\0\0\0\x08".to_vec(),
        };
        let mut tail: Vec<u8> = Vec::new();
        for directory in [&main, exif, gps] {
            let count = u16::try_from(directory.len()).unwrap_or_default();
            head.extend(self.bytes_of_u16(count));
            for entry in directory {
                let (inside, behind) = self.parted(entry, tail_at);
                head.extend(inside);
                tail.extend(behind);
                tail_at += u32::try_from(behind.len()).unwrap_or_default();
            }
            // No directory follows.
            head.extend([0; 4]);
        }
        head.extend(tail);
        head
    }

    /// What stands in a directory of `entry`, and what behind the directories, at `tail_at`:
    /// the value, where it is longer than its place.
    fn parted(self, entry: &Entry, tail_at: u32) -> (Vec<u8>, &[u8]) {
        let mut inside = Vec::from(self.bytes_of_u16(entry.tag));
        inside.extend(self.bytes_of_u16(entry.format));
        inside.extend(self.bytes_of_u32(entry.count));
        if entry.value.len() == 4 {
            inside.extend(&entry.value);
            return (inside, &[]);
        }
        inside.extend(self.bytes_of_u32(tail_at));
        (inside, &entry.value)
    }
}

//! What is read of pictures and films that are built here, byte by byte.

use std::fs::File;
use std::io::{Seek as _, Write as _};

use proptest::prelude::*;

use super::read_shot;
use crate::model::{Shot, TakenFrom};

mod containers;

// TIFF 6.0 and EXIF 2.32 tag numbers.
const IMAGE_WIDTH: u16 = 0x0100;
const IMAGE_LENGTH: u16 = 0x0101;
const MAKE: u16 = 0x010f;
const MODEL: u16 = 0x0110;
const ORIENTATION: u16 = 0x0112;
const DATE_TIME: u16 = 0x0132;
const DATE_TIME_ORIGINAL: u16 = 0x9003;
const DATE_TIME_DIGITIZED: u16 = 0x9004;
const OFFSET_TIME: u16 = 0x9010;
const OFFSET_TIME_ORIGINAL: u16 = 0x9011;
const SUB_SEC_TIME_ORIGINAL: u16 = 0x9291;
const PIXEL_X: u16 = 0xa002;
const PIXEL_Y: u16 = 0xa003;
const LATITUDE_REF: u16 = 1;
const LATITUDE: u16 = 2;
const LONGITUDE_REF: u16 = 3;
const LONGITUDE: u16 = 4;
const GPS_TIME: u16 = 7;
const GPS_DAY: u16 = 0x1d;

#[test]
fn a_picture_tells_all_that_it_knows() {
    let shot = Tiff::default()
        .main(&[(MAKE, text("Canon")), (MODEL, text("Canon EOS R5")), (ORIENTATION, Short(6))])
        .exif(&[
            (DATE_TIME_ORIGINAL, text("2024:07:01 12:30:45")),
            (OFFSET_TIME_ORIGINAL, text("+02:00")),
            (SUB_SEC_TIME_ORIGINAL, text("25")),
            (PIXEL_X, Long(8192)),
            (PIXEL_Y, Long(5464)),
        ])
        .gps(&place("N", [(47, 1), (30, 1), (0, 1)], "W", [(8, 1), (1530, 100), (0, 1)]))
        .shot();
    assert_eq!(taken(&shot), Some(("2024-07-01T10:30:45.250Z".into(), TakenFrom::ExifOffset)));
    assert_eq!((shot.width, shot.height), (Some(5464), Some(8192)));
    assert_eq!(shot.camera.as_deref(), Some("Canon EOS R5"));
    assert_eq!((shot.latitude, shot.longitude), (Some(47.5), Some(-8.255)));
    assert_eq!(shot.duration_ms, None);
}

#[test]
fn the_best_date_is_taken_and_a_broken_one_is_passed_over() {
    let cases: [(&[Entry], &[Entry], &str); 6] = [
        (&[(DATE_TIME, text("2024:03:03 00:00:03"))], &[], "2024-03-03T00:00:03.000Z"),
        (
            &[(DATE_TIME, text("2024:03:03 00:00:03"))],
            &[(DATE_TIME_DIGITIZED, text("2024:02:02 00:00:02"))],
            "2024-02-02T00:00:02.000Z",
        ),
        (
            &[],
            &[
                (DATE_TIME_ORIGINAL, text("2024:01:01 00:00:01")),
                (DATE_TIME_DIGITIZED, text("2024:02:02 00:00:02")),
            ],
            "2024-01-01T00:00:01.000Z",
        ),
        (
            &[],
            &[
                (DATE_TIME_ORIGINAL, text("0000:00:00 00:00:00")),
                (DATE_TIME_DIGITIZED, text("2024:02:02 00:00:02")),
            ],
            "2024-02-02T00:00:02.000Z",
        ),
        (&[(DATE_TIME, text("9999:99:99 99:99:99"))], &[], "none"),
        (&[(DATE_TIME, Short(7))], &[], "none"),
    ];
    for (main, exif, expected) in cases {
        let shot = Tiff::default().main(main).exif(exif).shot();
        let found = taken(&shot).map_or("none".to_owned(), |(time, _)| time);
        assert_eq!(found, expected);
        assert!(shot.taken.is_none_or(|(_, from)| from == TakenFrom::ExifUtc));
    }
}

#[test]
fn a_clock_without_an_offset_is_mended_by_gps_unless_that_is_of_another_day() {
    let clock = (DATE_TIME_ORIGINAL, text("2024:07:01 12:30:45"));
    let gps_time = (GPS_TIME, Rationals(vec![(10, 1), (30, 1), (455, 10)]));
    for (exif, gps, expected) in [
        (vec![clock.clone()], vec![], ("2024-07-01T12:30:45.000Z", TakenFrom::ExifUtc)),
        (
            vec![clock.clone()],
            vec![(GPS_DAY, text("2024:07:01")), gps_time.clone()],
            ("2024-07-01T10:30:45.500Z", TakenFrom::ExifGps),
        ),
        (
            vec![clock.clone()],
            vec![(GPS_DAY, text("2004:11:15")), gps_time.clone()],
            ("2024-07-01T12:30:45.000Z", TakenFrom::ExifUtc),
        ),
        (
            vec![clock.clone()],
            vec![(GPS_DAY, text("2024:07:01")), (GPS_TIME, Rationals(vec![(0, 0); 3]))],
            ("2024-07-01T12:30:45.000Z", TakenFrom::ExifUtc),
        ),
        (
            vec![clock.clone()],
            vec![gps_time.clone()],
            ("2024-07-01T12:30:45.000Z", TakenFrom::ExifUtc),
        ),
        (
            vec![clock.clone(), (OFFSET_TIME, text("-01:00"))],
            vec![(GPS_DAY, text("2024:07:01")), gps_time.clone()],
            ("2024-07-01T13:30:45.000Z", TakenFrom::ExifOffset),
        ),
        (
            vec![],
            vec![(GPS_DAY, text("2024:07:01")), gps_time.clone()],
            ("2024-07-01T10:30:45.500Z", TakenFrom::ExifGps),
        ),
    ] {
        let shot = Tiff::default().exif(&exif).gps(&gps).shot();
        assert_eq!(taken(&shot), Some((expected.0.to_owned(), expected.1)));
    }
}

#[test]
fn a_place_that_cannot_be_is_not_known() {
    let zero = [(0, 1), (0, 1), (0, 1)];
    let (north, east) = ([(47, 1), (0, 1), (0, 1)], [(8, 1), (0, 1), (0, 1)]);
    for gps in [
        place("N", zero, "E", zero),
        place("N", [(0, 0), (0, 0), (0, 0)], "E", east),
        place("N", [(91, 1), (0, 1), (0, 1)], "E", east),
        place("N", north, "E", [(181, 1), (0, 1), (0, 1)]),
        place("X", north, "E", east),
        vec![(LATITUDE, Rationals(north.to_vec())), (LONGITUDE, Rationals(east.to_vec()))],
        place("N", north, "E", east)[..2].to_vec(),
    ] {
        let shot = Tiff::default().gps(&gps).shot();
        assert_eq!((shot.latitude, shot.longitude), (None, None), "{gps:?}");
    }
    let shot = Tiff::default().gps(&place("S", north, "W", east)).shot();
    assert_eq!((shot.latitude, shot.longitude), (Some(-47.0), Some(-8.0)));
}

#[test]
fn sizes_are_as_shown_and_nought_is_not_known() {
    for (orientation, expected) in [(1, (Some(40), Some(30))), (8, (Some(30), Some(40)))] {
        let shot = Tiff::default()
            .main(&[
                (IMAGE_WIDTH, Short(40)),
                (IMAGE_LENGTH, Short(30)),
                (ORIENTATION, Short(orientation)),
            ])
            .shot();
        assert_eq!((shot.width, shot.height), expected);
    }
    let shot = Tiff::default().main(&[(IMAGE_WIDTH, Short(0))]).shot();
    assert_eq!(shot.width, None);
}

#[test]
fn a_bare_tiff_is_read_like_a_jpeg_and_a_cut_one_as_far_as_it_reaches() {
    let tiff = Tiff::default()
        .main(&[(MAKE, text("Leica")), (DATE_TIME, text("2024:03:03 00:00:03"))])
        .bytes();
    let whole = read(&tiff, "a.dng", "");
    assert_eq!(whole.camera.as_deref(), Some("Leica"));
    assert!(whole.taken.is_some());
    // Both other directories, of 6 bytes, and the end of the date.
    let cut = read(&tiff[..tiff.len() - 17], "a.dng", "");
    assert_eq!((cut.camera.as_deref(), cut.taken), (Some("Leica"), None));
}

#[test]
fn a_film_tells_when_it_was_taken_and_how_long_it_is() {
    // 2024-07-01 10:30:45 UTC in seconds since 1904.
    let shot = read(&film(3_802_674_645), "a.mov", "video/quicktime");
    assert_eq!(taken(&shot), Some(("2024-07-01T10:30:45.000Z".into(), TakenFrom::ExifOffset)));
    assert_eq!(shot.duration_ms, Some(1500));
    assert_eq!((shot.width, shot.height), (Some(640), Some(480)));
    assert_eq!(read(&film(0), "a.mp4", "").taken, None);
}

#[test]
fn what_is_no_picture_or_film_says_nothing() {
    let jpeg = Tiff::default().main(&[(MAKE, text("Canon"))]).jpeg();
    assert_eq!(read(&jpeg, "a.txt", "text/plain"), Shot::default());
    assert_eq!(read(b"", "a.jpg", "image/jpeg"), Shot::default());
    assert_eq!(read(b"no picture", "a.mp4", "video/mp4"), Shot::default());
}

proptest! {
    #[test]
    fn no_bytes_make_it_fail(bytes: Vec<u8>, title in "a\\.(jpg|mp4)") {
        read(&bytes, &title, "");
    }

    #[test]
    fn no_change_to_a_good_file_makes_it_fail(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        which in 0..3,
    ) {
        let tiff = Tiff::default()
            .main(&[(MAKE, text("Canon")), (DATE_TIME, text("2024:03:03 00:00:03"))])
            .exif(&[(PIXEL_X, Long(8192))])
            .gps(&place("N", [(47, 1); 3], "W", [(8, 1); 3]));
        let (mut bytes, title) = match which {
            0 => (tiff.jpeg(), "a.jpg"),
            1 => (tiff.bytes(), "a.tif"),
            _ => (film(1), "a.mp4"),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + 1);
        let shot = read(&bytes, title, "");
        prop_assert!(shot.latitude.is_none_or(|north| north.abs() <= 90.0));
    }
}

type Entry = (u16, Field);

/// A value of a TIFF tag.
#[derive(Clone, Debug)]
enum Field {
    Text(String),
    Short(u16),
    Long(u32),
    Rationals(Vec<(u32, u32)>),
}
use Field::{Long, Rationals, Short};

fn text(text: &str) -> Field {
    Field::Text(text.to_owned())
}

fn place(ns: &str, north: [(u32, u32); 3], ew: &str, east: [(u32, u32); 3]) -> Vec<Entry> {
    vec![
        (LATITUDE_REF, text(ns)),
        (LATITUDE, Rationals(north.to_vec())),
        (LONGITUDE_REF, text(ew)),
        (LONGITUDE, Rationals(east.to_vec())),
    ]
}

/// A TIFF that has tags and no picture.
#[derive(Default)]
struct Tiff {
    main: Vec<Entry>,
    exif: Vec<Entry>,
    gps: Vec<Entry>,
}

impl Tiff {
    fn main(mut self, entries: &[Entry]) -> Self {
        self.main = entries.to_vec();
        self
    }

    fn exif(mut self, entries: &[Entry]) -> Self {
        self.exif = entries.to_vec();
        self
    }

    fn gps(mut self, entries: &[Entry]) -> Self {
        self.gps = entries.to_vec();
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        let main_len = directory(&self.main, 0).len() + 2 * 12;
        let exif_at = 8 + main_len;
        let gps_at = exif_at + directory(&self.exif, 0).len();
        let mut main = self.main.clone();
        main.push((0x8769, Long(u32::try_from(exif_at).unwrap())));
        main.push((0x8825, Long(u32::try_from(gps_at).unwrap())));
        bytes.extend(directory(&main, 8));
        bytes.extend(directory(&self.exif, exif_at));
        bytes.extend(directory(&self.gps, gps_at));
        bytes
    }

    fn jpeg(&self) -> Vec<u8> {
        jpeg_of(&self.bytes())
    }

    fn shot(&self) -> Shot {
        read(&self.jpeg(), "a.jpg", "image/jpeg")
    }
}

fn jpeg_of(tiff: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1];
    bytes.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    bytes.extend(b"Exif\0\0");
    bytes.extend(tiff);
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// One directory of tags, little-endian, that lies `at` so many bytes from the start.
fn directory(entries: &[Entry], at: usize) -> Vec<u8> {
    let mut head = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    let mut tail: Vec<u8> = Vec::new();
    let tail_at = at + 2 + entries.len() * 12 + 4;
    for (tag, field) in entries {
        let (format, count, mut value): (u16, usize, Vec<u8>) = match field {
            Field::Text(text) => (2, text.len() + 1, [text.as_bytes(), b"\0"].concat()),
            Short(number) => (3, 1, number.to_le_bytes().to_vec()),
            Long(number) => (4, 1, number.to_le_bytes().to_vec()),
            Rationals(numbers) => {
                let halves = numbers.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()]);
                (5, numbers.len(), halves.flatten().collect())
            }
        };
        if value.len() > 4 {
            let value_at = u32::try_from(tail_at + tail.len()).unwrap();
            tail.extend(&value);
            value = value_at.to_le_bytes().to_vec();
        }
        value.resize(4, 0);
        head.extend(tag.to_le_bytes());
        head.extend(format.to_le_bytes());
        head.extend(u32::try_from(count).unwrap().to_le_bytes());
        head.extend(value);
    }
    head.extend([0; 4]);
    [head, tail].concat()
}

/// A film of a header only, 1.5 s long: boxes of ISO 14496-12.
fn film(created: u32) -> Vec<u8> {
    let u32s = |numbers: &[u32]| numbers.iter().flat_map(|n| n.to_be_bytes()).collect::<Vec<_>>();
    // Version and flags, created, modified, ticks per second, length; then rate to next id.
    let mvhd = [u32s(&[0, created, created, 1000, 1500]), vec![0; 76], u32s(&[2])].concat();
    // Version and flags, times, track, reserved, length; layer, matrix; width and height 16.16.
    let size = u32s(&[640 << 16, 480 << 16]);
    let tkhd = [u32s(&[0, created, created, 1, 0, 1500]), vec![0; 52], size].concat();
    let hdlr = [u32s(&[0, 0]), b"vide".to_vec(), vec![0; 13]].concat();
    let mdia = boxed(*b"mdia", &boxed(*b"hdlr", &hdlr));
    let trak = boxed(*b"trak", &[boxed(*b"tkhd", &tkhd), mdia].concat());
    let moov = boxed(*b"moov", &[boxed(*b"mvhd", &mvhd), trak].concat());
    [boxed(*b"ftyp", b"qt  \0\0\0\0qt  "), moov].concat()
}

fn boxed(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len() + 8).unwrap();
    [&len.to_be_bytes(), &kind, body].concat()
}

fn read(bytes: &[u8], title: &str, mime_type: &str) -> Shot {
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    // Whoever hands a file over may have read some of it.
    file.seek(std::io::SeekFrom::End(0)).unwrap();
    read_shot(file, title, mime_type)
}

fn taken(shot: &Shot) -> Option<(String, TakenFrom)> {
    let (time, from) = shot.taken?;
    Some((time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true), from))
}

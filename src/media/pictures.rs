//! The EXIF tags of pictures, by kamadak-exif.
//!
//! It is given no file, but the few tags that matter, found by [`super::exif`]: files can be
//! made of which it would read for hours, or until there is no memory left.

use std::io::{BufRead, Seek};

use exif::{Exif, In, Reader, Tag, Value};

use super::tags::{Tags, clock_time, offset_of};

/// The date tags, the best first, each with the tags of its offset and its
/// fraction of a second (EXIF 2.32, 4.6.5 F).
const DATES: [[Tag; 3]; 3] = [
    [Tag::DateTimeOriginal, Tag::OffsetTimeOriginal, Tag::SubSecTimeOriginal],
    [Tag::DateTimeDigitized, Tag::OffsetTimeDigitized, Tag::SubSecTimeDigitized],
    [Tag::DateTime, Tag::OffsetTime, Tag::SubSecTime],
];

/// Reads the tags, as far as they can be read.
pub(super) fn read(mut file: impl BufRead + Seek) -> Option<Tags> {
    let tags = super::exif::read(&mut file)?;
    let read = Reader::new().continue_on_error(true).read_raw(tags);
    let exif = read.or_else(|error| error.distill_partial_result(|_| ())).ok()?;
    let pixels = |tags: [Tag; 2]| tags.into_iter().find_map(|tag| number(&exif, tag));
    Some(Tags {
        clock: DATES.iter().find_map(|tags| clock(&exif, tags)),
        gps_day: text(&exif, Tag::GPSDateStamp),
        gps_time: three(&exif, Tag::GPSTimeStamp),
        // In a raw file the first image is often a thumbnail: the EXIF tags go first.
        width: pixels([Tag::PixelXDimension, Tag::ImageWidth]),
        height: pixels([Tag::PixelYDimension, Tag::ImageLength]),
        orientation: number(&exif, Tag::Orientation),
        make: text(&exif, Tag::Make),
        model: text(&exif, Tag::Model),
        place: degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, ["N", "S"]).zip(degrees(
            &exif,
            Tag::GPSLongitude,
            Tag::GPSLongitudeRef,
            ["E", "W"],
        )),
        duration_ms: None,
    })
}

fn clock(
    exif: &Exif,
    [date, offset, fraction]: &[Tag; 3],
) -> Option<(chrono::NaiveDateTime, Option<chrono::FixedOffset>)> {
    let time = clock_time(&text(exif, *date)?, text(exif, *fraction).as_deref())?;
    // Phones that wrote only one of the offsets meant it for all three.
    let offsets = [*offset, Tag::OffsetTime];
    Some((time, offsets.into_iter().find_map(|tag| offset_of(&text(exif, tag)?))))
}

fn text(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(texts) => {
            let text = String::from_utf8_lossy(texts.first()?);
            Some(text.trim_end_matches([' ', '\0']).to_owned())
        }
        _ => None,
    }
}

fn number(exif: &Exif, tag: Tag) -> Option<u32> {
    exif.get_field(tag, In::PRIMARY)?.value.get_uint(0)
}

fn three(exif: &Exif, tag: Tag) -> Option<[f64; 3]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(numbers) => match numbers.as_slice() {
            // 0/0, by which cameras say "not known", is no number, and in no range.
            [a, b, c] => Some([a.to_f64(), b.to_f64(), c.to_f64()]),
            _ => None,
        },
        _ => None,
    }
}

/// Degrees, minutes and seconds, with the sign that the reference tag gives. A
/// number without its reference could be on either side, and is not known.
fn degrees(exif: &Exif, tag: Tag, reference: Tag, signs: [&str; 2]) -> Option<f64> {
    let [degrees, minutes, seconds] = three(exif, tag)?;
    let size = degrees + minutes / 60.0 + seconds / 3600.0;
    let hemisphere = text(exif, reference)?.to_ascii_uppercase();
    match signs.iter().position(|sign| hemisphere == *sign)? {
        0 => Some(size),
        _ => Some(-size),
    }
}

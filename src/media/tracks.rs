//! What films say of themselves, and a second opinion on pictures, by nom-exif.
//!
//! It reads MP4, MOV, 3GP, MKV and `WebM`, and raw formats with a container of
//! their own (CR3, RAF, IIQ). A film's width and height are as stored: it does
//! not tell of a rotation.

use std::io::{Read, Seek};

use nom_exif::{EntryValue, Exif, ExifTag, GPSInfo, MediaParser, MediaSource, TrackInfoTag};

use super::tags::Tags;

/// Reads a film's header. Its creation date is UTC (ISO 14496-12, 8.2.2), or has
/// its own offset (`com.apple.quicktime.creationdate`).
pub(super) fn read_film(file: impl Read + Seek) -> Option<Tags> {
    let source = MediaSource::seekable(file).ok()?;
    let track = MediaParser::new().parse_track(source).ok()?;
    let text = |tag| track.get(tag).and_then(EntryValue::as_str).map(str::to_owned);
    let number = |tag| track.get(tag).and_then(number);
    let created = track.get(TrackInfoTag::CreateDate).and_then(EntryValue::as_datetime);
    let created = created.and_then(|date| date.aware());
    Some(Tags {
        clock: created.map(|date| (date.naive_local(), Some(*date.offset()))),
        width: number(TrackInfoTag::Width),
        height: number(TrackInfoTag::Height),
        make: text(TrackInfoTag::Make),
        model: text(TrackInfoTag::Model),
        place: track.gps_info().and_then(place),
        duration_ms: track.get(TrackInfoTag::DurationMs).and_then(EntryValue::as_u64),
        ..Tags::default()
    })
}

/// Reads a picture's tags.
pub(super) fn read_picture(file: impl Read + Seek) -> Option<Tags> {
    let source = MediaSource::seekable(file).ok()?;
    let exif: Exif = MediaParser::new().parse_exif(source).ok()?.into();
    let text = |tag| exif.get(tag).and_then(EntryValue::as_str).map(str::to_owned);
    let pixels = |tags: [ExifTag; 2]| tags.into_iter().find_map(|tag| number(exif.get(tag)?));
    let dates = [ExifTag::DateTimeOriginal, ExifTag::CreateDate, ExifTag::ModifyDate];
    let mut dates = dates.into_iter().filter_map(|tag| exif.get(tag)?.as_datetime());
    let clock = dates.next().map(|date| {
        let offset = date.aware().map(|date| *date.offset());
        (date.into_naive(), offset)
    });
    Some(Tags {
        clock,
        gps_day: text(ExifTag::GPSDateStamp),
        gps_time: exif.get(ExifTag::GPSTimeStamp).and_then(three),
        width: pixels([ExifTag::ExifImageWidth, ExifTag::ImageWidth]),
        height: pixels([ExifTag::ExifImageHeight, ExifTag::ImageHeight]),
        orientation: exif.get(ExifTag::Orientation).and_then(number),
        make: text(ExifTag::Make),
        model: text(ExifTag::Model),
        // Without its reference, a number could be on either side.
        place: exif.gps_info().and_then(place).filter(|_| has_references(&exif)),
        duration_ms: None,
    })
}

fn has_references(exif: &Exif) -> bool {
    let is_one_of = |tag, sides: [&str; 2]| {
        let side = exif.get(tag).and_then(EntryValue::as_str);
        side.is_some_and(|side| sides.contains(&side.trim()))
    };
    is_one_of(ExifTag::GPSLatitudeRef, ["N", "S"])
        && is_one_of(ExifTag::GPSLongitudeRef, ["E", "W"])
}

fn number(value: &EntryValue) -> Option<u32> {
    value.try_as_integer().and_then(|number| u32::try_from(number).ok())
}

fn three(value: &EntryValue) -> Option<[f64; 3]> {
    match value.as_urational_slice()? {
        [a, b, c] => Some([a.to_f64()?, b.to_f64()?, c.to_f64()?]),
        _ => None,
    }
}

fn place(gps: &GPSInfo) -> Option<(f64, f64)> {
    gps.latitude_decimal().zip(gps.longitude_decimal())
}

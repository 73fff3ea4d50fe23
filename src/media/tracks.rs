//! What films say of themselves, by nom-exif.
//!
//! It reads MP4, MOV, 3GP, MKV and `WebM`. A film's width and height are as stored: it
//! does not tell of a rotation.

use std::io::{Read, Seek};

use nom_exif::{EntryValue, GPSInfo, MediaParser, MediaSource, TrackInfoTag};

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

fn number(value: &EntryValue) -> Option<u32> {
    value.try_as_integer().and_then(|number| u32::try_from(number).ok())
}

fn place(gps: &GPSInfo) -> Option<(f64, f64)> {
    gps.latitude_decimal().zip(gps.longitude_decimal())
}

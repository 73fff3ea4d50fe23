//! What a file says of itself, and which of it is believed.
//!
//! The readers fill in [`Tags`]; the rules are all here. Names of tags are those
//! of EXIF 2.32 and 3.0 (CIPA DC-008).

use chrono::{DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, TimeDelta, Utc};

use crate::model::{Shot, TakenFrom};

/// No photograph is older: Niépce's view from his window.
const YEAR_MIN: i32 = 1826;
/// A later year is a broken clock.
const YEAR_MAX: i32 = 2100;
/// How far civil time is from UTC at most (Kiribati, +14), and a clock set badly.
const OFFSET_HOURS_MAX: i64 = 15;
/// Makers' names are short; a longer text is something else.
const CAMERA_CHARS_MAX: usize = 100;
/// 30 days. A header that is read wrongly, such as one of 64 bits as one of 32, says
/// what is far beyond.
const DURATION_MS_MAX: u64 = 30 * 24 * 60 * 60 * 1000;

/// What a file says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Tags {
    /// The time on the camera's clock, and that clock's offset from UTC.
    pub clock: Option<(NaiveDateTime, Option<FixedOffset>)>,
    /// `GPSDateStamp` (UTC): `YYYY:MM:DD`.
    pub gps_day: Option<String>,
    /// `GPSTimeStamp` (UTC): hours, minutes, seconds.
    pub gps_time: Option<[f64; 3]>,
    /// Pixels per row, as stored.
    pub width: Option<u32>,
    /// Rows, as stored.
    pub height: Option<u32>,
    /// `Orientation`: 1 is upright, 5 to 8 lie on their side.
    pub orientation: Option<u32>,
    /// `Make`.
    pub make: Option<String>,
    /// `Model`.
    pub model: Option<String>,
    /// Degrees north and degrees east.
    pub place: Option<(f64, f64)>,
    /// Length of a film, in milliseconds.
    pub duration_ms: Option<u64>,
}

impl Tags {
    /// Believes what can be believed.
    pub(super) fn into_shot(self) -> Shot {
        let place = self.place.filter(|(north, east)| is_place(*north, *east));
        let lies = matches!(self.orientation, Some(5..=8));
        let known = |pixels: Option<u32>| pixels.filter(|pixels| *pixels > 0);
        let (width, height) = (known(self.width), known(self.height));
        let (width, height) = if lies { (height, width) } else { (width, height) };
        Shot {
            taken: self.taken(),
            width,
            height,
            camera: camera(self.make.as_deref(), self.model.as_deref()),
            latitude: place.map(|(north, _)| north),
            longitude: place.map(|(_, east)| east),
            duration_ms: self.duration_ms.filter(|ms| (1..=DURATION_MS_MAX).contains(ms)),
        }
    }

    fn taken(&self) -> Option<(DateTime<Utc>, TakenFrom)> {
        let clock = self.clock.filter(|(local, _)| is_plausible(*local));
        match clock {
            Some((local, Some(offset))) => {
                let instant = local.and_local_timezone(offset).single()?;
                Some((instant.to_utc(), TakenFrom::ExifOffset))
            }
            Some((local, None)) => Some(match self.gps_instant() {
                // A receiver that has not found the sky yet, or whose week number ran
                // over (1999, 2019), states another day: then the clock is better.
                Some(gps) if is_same_moment(local, gps) => (gps.and_utc(), TakenFrom::ExifGps),
                _ => (local.and_utc(), TakenFrom::ExifUtc),
            }),
            None => Some((self.gps_instant()?.and_utc(), TakenFrom::ExifGps)),
        }
    }

    fn gps_instant(&self) -> Option<NaiveDateTime> {
        let mut parts = self.gps_day.as_deref()?.split([':', '-']);
        let mut next = || parts.next()?.trim().parse::<u32>().ok();
        let (year, month, day) = (next()?, next()?, next()?);
        let day = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
        let [hours, minutes, seconds] = self.gps_time?;
        let within = (0.0..24.0).contains(&hours)
            && (0.0..60.0).contains(&minutes)
            && (0.0..61.0).contains(&seconds);
        let millis = (hours * 3600.0 + minutes * 60.0 + seconds) * 1000.0;
        #[expect(clippy::cast_possible_truncation, reason = "below 24 h, checked above")]
        let since = within.then(|| TimeDelta::milliseconds(millis.round() as i64))?;
        let instant = day.and_hms_opt(0, 0, 0)?.checked_add_signed(since)?;
        is_plausible(instant).then_some(instant)
    }
}

/// Reads `YYYY:MM:DD HH:MM:SS` with whatever separators a camera wrote, and the
/// digits of a fraction of a second.
pub(super) fn clock_time(text: &str, fraction: Option<&str>) -> Option<NaiveDateTime> {
    let number = |from: usize, to: usize| text.get(from..to)?.trim().parse::<u32>().ok();
    let year = i32::try_from(number(0, 4)?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    let nanos = fraction.and_then(nanos_of).unwrap_or(0);
    let time = day.and_hms_nano_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?, nanos)?;
    is_plausible(time).then_some(time)
}

/// Reads the digits after the point: `5` is half a second (`SubSecTime`).
fn nanos_of(digits: &str) -> Option<u32> {
    let digits: String = digits.trim().chars().take_while(char::is_ascii_digit).take(9).collect();
    if digits.is_empty() { None } else { format!("{digits:0<9}").parse().ok() }
}

/// Reads `+HH:MM`, `-HH:MM` or `Z` (`OffsetTime`).
pub(super) fn offset_of(text: &str) -> Option<FixedOffset> {
    let text = text.trim();
    if text == "Z" {
        return FixedOffset::east_opt(0);
    }
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let within = i64::from(hours) < OFFSET_HOURS_MAX && (0..60).contains(&minutes) && hours >= 0;
    let seconds = within.then_some((hours * 60 + minutes) * 60)?;
    match text.as_bytes().first()? {
        b'+' => FixedOffset::east_opt(seconds),
        b'-' => FixedOffset::west_opt(seconds),
        _ => None,
    }
}

/// Says whether a clock that runs may have shown this time. The first seconds of
/// 1904 (`QuickTime`) and 1970 (Unix) are what an unset clock shows.
fn is_plausible(time: NaiveDateTime) -> bool {
    let unset = [(1904, 1, 1), (1970, 1, 1)];
    let day = (time.year(), time.month(), time.day());
    let midnight = time.and_utc().timestamp().rem_euclid(86_400) == 0;
    (YEAR_MIN..=YEAR_MAX).contains(&time.year()) && !(midnight && unset.contains(&day))
}

fn is_same_moment(local: NaiveDateTime, utc: NaiveDateTime) -> bool {
    (local - utc).abs() <= TimeDelta::hours(OFFSET_HOURS_MAX)
}

/// Says whether degrees north and east are those of a place that a camera may have been at.
///
/// Exactly 0, 0 is what software writes that knows no place; it is open sea.
#[must_use]
pub fn is_place(north: f64, east: f64) -> bool {
    let unknown = north == 0.0 && east == 0.0;
    (-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east) && !unknown
}

/// Returns the name of a camera from what is said of its maker and its model, if
/// either is. Many a model names its maker already, in its own way:
/// `NIKON CORPORATION`, `NIKON D90`.
#[must_use]
pub fn camera(make: Option<&str>, model: Option<&str>) -> Option<String> {
    let (make, model) = (make.map(clean), model.map(clean));
    let make = make.filter(|make| !make.is_empty());
    let model = model.filter(|model| !model.is_empty());
    let (make, model) = match (make, model) {
        (Some(make), Some(model)) => (make, model),
        (one, other) => return one.or(other),
    };
    let first_word = |text: &str| text.split(' ').next().unwrap_or_default().to_lowercase();
    let doubled = first_word(&make) == first_word(&model);
    Some(if doubled { model } else { format!("{make} {model}") })
}

/// The text without control characters and without doubled or outer spaces.
fn clean(text: &str) -> String {
    let ended = text.split('\0').next().unwrap_or_default();
    let shown: String = ended.chars().filter(|c| !c.is_control()).take(CAMERA_CHARS_MAX).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_clocks_time_is_read_as_cameras_write_it_and_nonsense_is_not_read() {
        for (text, fraction, expected) in [
            ("2024:02:29 13:14:15", None, Some("2024-02-29 13:14:15")),
            ("2024-02-29T13:14:15", Some("5"), Some("2024-02-29 13:14:15.500")),
            ("2024: 2: 9  3: 4: 5", Some("0123456789"), Some("2024-02-09 03:04:05.012345678")),
            ("1890:06:01 12:00:00", None, Some("1890-06-01 12:00:00")),
            ("1970:01:01 00:00:01", Some("  "), Some("1970-01-01 00:00:01")),
            ("1970:01:01 00:00:00", None, None),
            ("0000:00:00 00:00:00", None, None),
            ("    :  :     :  :  ", None, None),
            ("2023:02:29 13:14:15", None, None),
            ("2024:01:01 25:00:00", None, None),
            ("9999:01:01 00:00:00", None, None),
            ("0001:01:01 00:00:00", None, None),
            ("2024:01:01", None, None),
            ("ééééééééééééé", None, None),
            ("", None, None),
        ] {
            let time = clock_time(text, fraction).map(|time| time.to_string());
            assert_eq!(time.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn offsets_are_those_of_this_world() {
        for (text, minutes) in [
            ("+02:00", Some(120)),
            ("-03:30", Some(-210)),
            ("+14:00", Some(840)),
            ("Z", Some(0)),
            ("+00:00\0", None),
            ("+25:00", None),
            ("+02:60", None),
            ("   :  ", None),
            ("02:00", None),
            ("+-2:00", None),
            ("é2:00", None),
            ("", None),
        ] {
            let found = offset_of(text).map(|offset| offset.local_minus_utc() / 60);
            assert_eq!(found, minutes, "{text:?}");
        }
    }

    #[test]
    fn a_camera_has_its_makers_name_once() {
        for (make, model, expected) in [
            (Some("Apple"), Some("iPhone 15"), Some("Apple iPhone 15")),
            (Some("Canon"), Some("Canon EOS 5D"), Some("Canon EOS 5D")),
            (Some("NIKON CORPORATION"), Some("NIKON D90"), Some("NIKON D90")),
            (Some(" SONY \0junk"), Some("DSC-RX100\0"), Some("SONY DSC-RX100")),
            (Some("Canonical"), Some("Canon"), Some("Canonical Canon")),
            (None, Some("X100"), Some("X100")),
            (Some("Leica"), Some("  "), Some("Leica")),
            (Some(""), None, None),
        ] {
            assert_eq!(camera(make, model).as_deref(), expected);
        }
    }

    #[test]
    fn a_place_is_on_earth_and_not_the_null_island() {
        assert!(is_place(-33.8, 151.2) && is_place(90.0, -180.0) && is_place(0.0, 6.7));
        for (north, east) in [(0.0, 0.0), (90.1, 0.0), (1.0, 180.5), (f64::NAN, 1.0)] {
            assert!(!is_place(north, east), "{north} {east}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_rules_fail(text: String, other: String, seconds: f64) {
            for text in [&text, &format!("2024:01:02 03:04:{text}"), &format!("+{text}:{other}")] {
                clock_time(text, Some(&other));
                offset_of(text);
                let tags = Tags {
                    gps_day: Some(text.clone()),
                    gps_time: Some([0.0, 1.0, seconds]),
                    make: Some(text.clone()),
                    model: Some(other.clone()),
                    ..Tags::default()
                };
                tags.into_shot();
            }
        }

        #[test]
        fn a_time_with_an_offset_is_the_instant_that_it_names(
            seconds in 0..4_000_000_000_i64, minutes in -14 * 60..=14 * 60,
        ) {
            let (sign, size) = (if minutes < 0 { '-' } else { '+' }, i32::abs(minutes));
            let offset = offset_of(&format!("{sign}{:02}:{:02}", size / 60, size % 60)).unwrap();
            let instant = DateTime::from_timestamp(seconds, 0).unwrap();
            let local = instant.with_timezone(&offset).naive_local();
            prop_assume!(is_plausible(local));
            let text = local.format("%Y:%m:%d %H:%M:%S").to_string();
            let tags = Tags {
                clock: clock_time(&text, None).map(|time| (time, Some(offset))),
                ..Tags::default()
            };
            prop_assert_eq!(tags.into_shot().taken, Some((instant, TakenFrom::ExifOffset)));
        }
    }
}

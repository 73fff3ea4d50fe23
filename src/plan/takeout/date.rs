//! The date that cameras, phones and programs put into a file's name.
//!
//! Only what is written year first is read: `01-02-2019` has two meanings.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

/// Before this no camera named a file; scans are named after their year at times.
const FIRST_YEAR: u32 = 1900;

/// Returns the date in a file's name, and the time if there is one, as if it were in UTC (which
/// a Pixel's names are in; of others it is not known).
///
/// `IMG_20190203_112233.jpg`, `Screenshot_2019-04-16-11-19-37-232_com.jpg`,
/// `VID-20190101-WA0001.mp4`, `2019-01-02 11.22.33.jpg`. A date without a time is its
/// midnight. What is no day of the calendar, or before 1900, or more than a day after `now`,
/// is none; nor are digits that are part of a longer number.
#[must_use]
pub fn date_in_name(name: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let latest = now.checked_add_days(Days::new(1)).unwrap_or(now);
    let bytes = name.as_bytes();
    let begins = |i: &usize| bytes[*i].is_ascii_digit() && !is_digit_at(bytes, i.wrapping_sub(1));
    let mut dates = (0..bytes.len()).filter(begins).filter_map(|i| moment(&bytes[i..]));
    dates.find(|date| date.and_utc() <= latest).map(|date| date.and_utc())
}

fn is_digit_at(bytes: &[u8], i: usize) -> bool {
    bytes.get(i).is_some_and(u8::is_ascii_digit)
}

/// The moment that `bytes` begin with.
fn moment(bytes: &[u8]) -> Option<NaiveDateTime> {
    let (date, rest) = compact_date(bytes).or_else(|| separated_date(bytes))?;
    match time_after(rest) {
        Some(time) => Some(date.and_time(time)),
        None if is_digit_at(rest, 0) => None,
        None => Some(date.and_time(NaiveTime::MIN)),
    }
}

/// `20190203`, and what comes after it.
fn compact_date(bytes: &[u8]) -> Option<(NaiveDate, &[u8])> {
    let (year, rest) = digits(bytes, 4)?;
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    Some((calendar(year, month, day)?, rest))
}

/// `2019-02-03`, `2019_02_03`, `2019.02.03` or `2019 02 03`, and what comes after it.
fn separated_date(bytes: &[u8]) -> Option<(NaiveDate, &[u8])> {
    let (year, rest) = digits(bytes, 4)?;
    let (mark, rest) = rest.split_first().filter(|(mark, _)| b"-_. ".contains(mark))?;
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest.strip_prefix(&[*mark])?, 2)?;
    Some((calendar(year, month, day)?, rest))
}

fn calendar(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = i32::try_from(year).ok().filter(|_| year >= FIRST_YEAR)?;
    NaiveDate::from_ymd_opt(year, month, day)
}

/// The time that follows a date: `112233`, `_112233456`, `-11-22-33-456`, ` at 11.22.33 PM`.
fn time_after(bytes: &[u8]) -> Option<NaiveTime> {
    let gap = [&b" at "[..], b", ", b"_", b"-", b" ", b".", b"T"];
    let rest = gap.iter().find_map(|gap| bytes.strip_prefix(*gap)).unwrap_or(bytes);
    let (hour, rest) = digits(rest, 2)?;
    let mark = rest.first().copied().filter(|mark| b"-_.:".contains(mark));
    let (minute, rest) = digits(after_mark(rest, mark)?, 2)?;
    let (second, rest) = digits(after_mark(rest, mark)?, 2)?;
    let (milli, rest) = thousandths(rest, mark);
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second, milli)?;
    (!is_digit_at(rest, 0)).then(|| time + half_day(hour, rest))
}

fn after_mark(bytes: &[u8], mark: Option<u8>) -> Option<&[u8]> {
    match mark {
        Some(mark) => bytes.strip_prefix(&[mark]),
        None => Some(bytes),
    }
}

/// Three digits that end a number, behind the mark that is between the others.
fn thousandths(bytes: &[u8], mark: Option<u8>) -> (u32, &[u8]) {
    let found = after_mark(bytes, mark).and_then(|rest| digits(rest, 3));
    found.filter(|(_, rest)| !is_digit_at(rest, 0)).unwrap_or((0, bytes))
}

/// What an American clock's `AM` or `PM` adds to the time.
fn half_day(hour: u32, rest: &[u8]) -> TimeDelta {
    // macOS has a narrow no-break space before it since 2023.
    let rest = rest.strip_prefix(" ".as_bytes()).or(rest.strip_prefix("\u{202f}".as_bytes()));
    match (rest.and_then(|rest| rest.get(..2)), hour) {
        (Some(b"PM"), 1..=11) => TimeDelta::hours(12),
        (Some(b"AM"), 12) => TimeDelta::hours(-12),
        _ => TimeDelta::zero(),
    }
}

/// The number that the first `n` bytes are, and the bytes after it.
fn digits(bytes: &[u8], n: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = bytes.split_at_checked(n)?;
    let number = number
        .iter()
        .try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')));
    Some((number?, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-11-21T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn dates_that_programs_put_into_names_are_read() {
        for (name, expected) in [
            ("IMG_20190203_112233.jpg", "2019-02-03T11:22:33"),
            ("IMG_20190203_112233(1).jpg", "2019-02-03T11:22:33"),
            ("PXL_20230809_203449253.LONG_EXPOSURE-02.jpg", "2023-08-09T20:34:49.253"),
            ("Screenshot_2019-04-16-11-19-37-232_com.jpg", "2019-04-16T11:19:37.232"),
            ("Screenshot_20200301-161151.png", "2020-03-01T16:11:51"),
            ("Screenshot_20231027_123303_Facebook.jpg", "2023-10-27T12:33:03"),
            ("signal-2020-10-26-163832.jpg", "2020-10-26T16:38:32"),
            ("signal-2020-10-26-16-38-32-001.jpg", "2020-10-26T16:38:32.001"),
            ("VID-20190101-WA0001.mp4", "2019-01-01T00:00:00"),
            ("2019-01-02 11.22.33.jpg", "2019-01-02T11:22:33"),
            ("2019_01_02_11_22_33.jpg", "2019-01-02T11:22:33"),
            ("2019-01-02T11:22:33.jpg", "2019-01-02T11:22:33"),
            ("WhatsApp Image 2019-01-02 at 11.22.33.jpeg", "2019-01-02T11:22:33"),
            ("Screen Shot 2019-01-02 at 11.22.33 PM.png", "2019-01-02T23:22:33"),
            ("Screenshot 2024-01-02 at 12.22.33\u{202f}AM.png", "2024-01-02T00:22:33"),
            ("Screen Shot 2019-01-02 at 12.22.33 PM.png", "2019-01-02T12:22:33"),
            ("00004XTR_00004_BURST20190216172030.jpg", "2019-02-16T17:20:30"),
            ("00100dPORTRAIT_00100_BURST20190216172030123_COVER.jpg", "2019-02-16T17:20:30.123"),
            ("BURST20190216172030.gif", "2019-02-16T17:20:30"),
            ("MVIMG_20190215_193501.MP~2.jpg", "2019-02-15T19:35:01"),
            ("PXL_20210102_221126856.MP~2.jpg", "2021-01-02T22:11:26.856"),
            ("20190203112233.jpg", "2019-02-03T11:22:33"),
            ("20190203.jpg", "2019-02-03T00:00:00"),
            ("scan 1900-01-01.tif", "1900-01-01T00:00:00"),
            // No time, but a counter.
            ("IMG_20190203_996070.jpg", "2019-02-03T00:00:00"),
            ("IMG_20190203_1122334.jpg", "2019-02-03T00:00:00"),
            // The first date that is one.
            ("99999999_20190203.jpg", "2019-02-03T00:00:00"),
            ("20200229.jpg", "2020-02-29T00:00:00"),
            ("20261122_115959.jpg", "2026-11-22T11:59:59"),
        ] {
            let expected: NaiveDateTime = expected.parse().unwrap();
            assert_eq!(date_in_name(name, now()), Some(expected.and_utc()), "{name}");
        }
    }

    #[test]
    fn digits_that_only_look_like_a_date_are_none() {
        for name in [
            "",
            "IMG_0001.jpg",
            "IMG_20190230_112233.jpg",
            "20190229.jpg",
            "IMG_20191301.jpg",
            "18991231.jpg",
            "20261123.jpg",
            "IMG_20261122_120001.jpg",
            "120190203.jpg",
            "201902031.jpg",
            "2019020311.jpg",
            "+4920190203112.jpg",
            "201902031122334567.jpg",
            "20190203112233456789.jpg",
            "1571234567890.jpg",
            "received_10158125619575157.jpeg",
            "15250796_10158125619575157_1421325151866375198_o.jpg",
            "13039_327707840323_537645323_9470255_27214_n.jpg",
            "2019-02_03.jpg",
            "2019-2-3.jpg",
            "01-02-2019.jpg",
            "2019-01-022.jpg",
            "Photo 2019.jpg",
            "٢٠١٩٠٢٠٣.jpg",
        ] {
            assert_eq!(date_in_name(name, now()), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn a_time_that_was_put_into_a_name_is_read_again(
            seconds in 0..1_795_000_000i64, before in "[A-Za-z_ -]{0,8}", after in "[A-Za-z_-]{0,8}",
        ) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            for form in ["%Y%m%d_%H%M%S", "%Y-%m-%d %H.%M.%S", "%Y%m%d%H%M%S", "%Y-%m-%d-%H-%M-%S"] {
                let name = format!("{before}{}{after}.jpg", at.format(form));
                prop_assert_eq!(date_in_name(&name, now()), Some(at), "{}", name);
            }
        }

        #[test]
        fn no_name_is_too_odd(name in any::<String>(), digits in "[0-9_. -]{0,30}") {
            for name in [name, digits] {
                let date = date_in_name(&name, now());
                prop_assert!(date.is_none_or(|date| date <= now() + Days::new(1)));
            }
        }
    }
}

//! Numbers as a person reads them.

use std::time::Duration;

/// Returns `number` with a comma between thousands.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let first = (digits.len() + 2) % 3 + 1;
    let (head, rest) = digits.split_at(first);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group));
    std::iter::once(head.into()).chain(groups).collect::<Vec<_>>().join(",")
}

/// Returns `number` of `one`, with an s if that is how it is said.
#[must_use]
pub fn some(number: u64, one: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {one}{ending}", count(number))
}

/// Returns `number` bytes in units of a thousand, as disks are sold.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn bytes(number: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if number < 1000 {
        return some(number, "byte");
    }
    let mut value = number as f64 / 1000.0;
    let mut unit = 0;
    // 999.95 would be shown as 1000.0.
    while value >= 999.95 && unit < UNITS.len() - 1 {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// Returns `time` in its two largest units.
#[must_use]
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0 => "less than a second".to_owned(),
        1..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min {} s", seconds % 60),
        3600..86_400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{} {} h", some(days, "day"), hours % 24),
    }
}

/// Returns how long ago `time` is, in its largest unit.
#[must_use]
pub fn ago(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => "just now".to_owned(),
        60..3600 => format!("{} ago", some(seconds / 60, "minute")),
        3600..86_400 => format!("{} ago", some(seconds / 3600, "hour")),
        _ => format!("{} ago", some(seconds / 86_400, "day")),
    }
}

/// Reads a length of time: numbers with their units, such as `26h`, `90m` or `1d12h`.
///
/// # Errors
///
/// What it should look like, in words.
pub fn age(text: &str) -> Result<Duration, String> {
    let bad = || format!("'{text}' is no length of time: write 26h, 90m, 2d or 1d12h");
    let (mut seconds, mut rest) = (0_u64, text.trim());
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).ok_or_else(bad)?;
        let (number, unit) = rest.split_at(digits);
        let mut letters = unit.chars();
        let unit = match letters.next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            Some('w') => 604_800,
            _ => return Err(bad()),
        };
        let number: u64 = number.parse().map_err(|_| bad())?;
        let more = number.checked_mul(unit).and_then(|more| seconds.checked_add(more));
        seconds = more.ok_or_else(bad)?;
        rest = letters.as_str().trim_start();
    }
    if seconds == 0 { Err(bad()) } else { Ok(Duration::from_secs(seconds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_numbers_with_units() {
        for (text, seconds) in [
            ("26h", 93_600),
            ("90m", 5400),
            ("2d", 172_800),
            ("1d12h", 129_600),
            (" 1w 2d ", 777_600),
            ("45s", 45),
        ] {
            assert_eq!(age(text), Ok(Duration::from_secs(seconds)));
        }
        for text in ["", "26", "h", "0h", "-1h", "1.5h", "26 h", "2x", "99999999999999999999d"] {
            assert!(age(text).is_err_and(|words| words.contains("26h")), "{text}");
        }
        assert!(age("9999999999999999d").is_err());
    }

    #[test]
    fn numbers_read_well() {
        for (number, text) in
            [(0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(count(number), text);
        }
        for (number, text) in [
            (1, "1 byte"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (1_234_567_890, "1.2 GB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(number), text);
        }
        for (seconds, text) in
            [(0, "just now"), (60, "1 minute ago"), (7200, "2 hours ago"), (200_000, "2 days ago")]
        {
            assert_eq!(ago(Duration::from_secs(seconds)), text);
        }
        for (seconds, text) in [
            (0, "less than a second"),
            (59, "59 s"),
            (192, "3 min 12 s"),
            (3600, "1 h 0 min"),
            (90_000, "1 day 1 h"),
        ] {
            assert_eq!(duration(Duration::from_secs(seconds)), text);
        }
    }
}

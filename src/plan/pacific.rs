//! Days as Google counts them for its limits: from midnight to midnight in California.
//!
//! <https://developers.google.com/photos/overview/api-limits-quotas>. The rule for
//! daylight saving time is that of the Energy Policy Act of 2005; should it ever change,
//! a day begins an hour off.

use chrono::{
    DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};

/// Returns which day it is in California.
#[must_use]
pub fn pacific_day(now: DateTime<Utc>) -> NaiveDate {
    (now.naive_utc() - behind_utc(now.naive_utc())).date()
}

/// Returns when the next day begins in California.
#[must_use]
pub fn next_pacific_day(now: DateTime<Utc>) -> DateTime<Utc> {
    let today = pacific_day(now);
    let midnight = today.checked_add_days(Days::new(1)).unwrap_or(today).and_time(NaiveTime::MIN);
    // The clocks change at two in the morning, so at midnight the old rule still holds.
    let standard = midnight + STANDARD;
    (midnight + behind_utc(standard - TimeDelta::hours(1))).and_utc()
}

const STANDARD: TimeDelta = TimeDelta::hours(8);
const DAYLIGHT: TimeDelta = TimeDelta::hours(7);

/// By how much California is behind `utc` then.
fn behind_utc(utc: NaiveDateTime) -> TimeDelta {
    let at_two = |month, nth: u8, behind| {
        let day = NaiveDate::from_weekday_of_month_opt(utc.year(), month, Weekday::Sun, nth);
        day.map(|day| day.and_time(NaiveTime::MIN) + TimeDelta::hours(2) + behind)
    };
    let (begins, ends) = (at_two(3, 2, STANDARD), at_two(11, 1, DAYLIGHT));
    let is_daylight = begins.is_some_and(|at| utc >= at) && ends.is_some_and(|at| utc < at);
    if is_daylight { DAYLIGHT } else { STANDARD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_california() {
        for (now, day, next) in [
            ("2026-01-01T07:59:59Z", "2025-12-31", "2026-01-01T08:00:00Z"),
            ("2026-01-01T08:00:00Z", "2026-01-01", "2026-01-02T08:00:00Z"),
            ("2026-07-04T06:59:59Z", "2026-07-03", "2026-07-04T07:00:00Z"),
            ("2026-07-04T07:00:00Z", "2026-07-04", "2026-07-05T07:00:00Z"),
            // 8 March 2026 has 23 hours, 1 November 2026 has 25.
            ("2026-03-08T07:59:59Z", "2026-03-07", "2026-03-08T08:00:00Z"),
            ("2026-03-08T08:00:00Z", "2026-03-08", "2026-03-09T07:00:00Z"),
            ("2026-03-08T10:00:00Z", "2026-03-08", "2026-03-09T07:00:00Z"),
            ("2026-11-01T06:59:59Z", "2026-10-31", "2026-11-01T07:00:00Z"),
            ("2026-11-01T07:00:00Z", "2026-11-01", "2026-11-02T08:00:00Z"),
            ("2026-11-01T09:00:00Z", "2026-11-01", "2026-11-02T08:00:00Z"),
        ] {
            let now: DateTime<Utc> = now.parse().unwrap();
            assert_eq!(pacific_day(now).to_string(), day, "{now}");
            assert_eq!(next_pacific_day(now), next.parse::<DateTime<Utc>>().unwrap(), "{now}");
        }
    }

    #[test]
    fn the_next_day_is_always_another_day_and_begins_with_its_first_second() {
        let mut now: DateTime<Utc> = "2026-01-01T00:30:00Z".parse().unwrap();
        for _ in 0..24 * 366 {
            let next = next_pacific_day(now);
            assert!(next > now && next - now <= TimeDelta::hours(25), "{now}");
            assert_eq!(Some(pacific_day(next)), pacific_day(now).succ_opt(), "{now}");
            assert_eq!(pacific_day(next - TimeDelta::seconds(1)), pacific_day(now), "{now}");
            now += TimeDelta::hours(1);
        }
    }
}

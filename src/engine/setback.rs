//! What a transfer that failed tells of: for how long its item rests, and whether the
//! others would fail as well. Pure.

use std::error::Error as _;

use chrono::{DateTime, TimeDelta, Utc};

use super::transfer::Failure;
use crate::google;
use crate::plan::next_pacific_day;
use crate::source::{self, Withheld};

/// What nobody but its owner can change is looked at again so much later.
const FOR_GOOD: TimeDelta = TimeDelta::days(7);

/// Google's limit for a file passes within a day
/// (<https://developers.google.com/workspace/drive/api/guides/handle-errors>).
const FOR_A_DAY: TimeDelta = TimeDelta::days(1);

/// Films are made ready within minutes or hours.
const FOR_AN_HOUR: TimeDelta = TimeDelta::hours(1);

/// For how long it makes no sense to try again what failed `now`; zero where nothing is
/// known of that.
pub(super) fn rests(failure: &Failure, now: DateTime<Utc>) -> TimeDelta {
    match failure {
        Failure::Source(source::Error::Withheld(why)) => match why {
            Withheld::ForToday => FOR_A_DAY,
            Withheld::StillProcessing | Withheld::NotReady => FOR_AN_HOUR,
            Withheld::ByOwner
            | Withheld::AsAbusive
            | Withheld::NotExportable
            | Withheld::NotProcessed => FOR_GOOD,
        },
        Failure::Source(source::Error::Google(error)) => of_google(error, now),
        _ => TimeDelta::zero(),
    }
}

fn of_google(error: &google::Error, now: DateTime<Utc>) -> TimeDelta {
    if error.is_daily_limit() {
        return next_pacific_day(now) - now;
    }
    let asked = error.wait().map(|wait| TimeDelta::from_std(wait).unwrap_or(FOR_GOOD));
    let own = match error.status() {
        // Refused for good, as far as the one word goes that came with it.
        Some(400..=407 | 409..=415 | 417..=428 | 501) => FOR_A_DAY,
        _ => TimeDelta::zero(),
    };
    asked.unwrap_or_default().clamp(own, FOR_GOOD)
}

/// Says whether Google was not there, or not itself, for all that the client tried.
pub(super) fn is_outage(failure: &Failure) -> bool {
    match failure {
        Failure::Source(source::Error::Google(error)) => {
            matches!(error, google::Error::Unreachable { .. } | google::Error::WebPage { .. })
                || error.status().is_some_and(|status| status >= 500 || status == 429)
        }
        _ => false,
    }
}

/// Says whether every other item would fail as well, until a person mends it.
pub(super) fn concerns_all(error: &source::Error) -> bool {
    matches!(error, source::Error::Google(error) if error.is_sign_in())
}

/// Says whether nothing more of the source is to be had today.
pub(super) fn is_for_today(error: &source::Error) -> bool {
    matches!(error, source::Error::Google(error) if error.is_daily_limit())
}

/// The failure with its causes, in one line.
pub(super) fn in_words(failure: &Failure) -> String {
    let mut words = failure.to_string();
    let mut cause = failure.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !words.contains(&more) {
            words = format!("{words}: {more}");
        }
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_item_rests_as_long_as_its_reason_says() {
        let now = "2026-11-21T02:00:00Z".parse().unwrap();
        let hours = |failure: Failure| rests(&failure, now).num_hours();
        for (why, expected) in [
            (Withheld::ForToday, 24),
            (Withheld::StillProcessing, 1),
            (Withheld::ByOwner, 7 * 24),
            (Withheld::AsAbusive, 7 * 24),
            (Withheld::NotExportable, 7 * 24),
            (Withheld::NotProcessed, 7 * 24),
        ] {
            assert_eq!(hours(source::Error::Withheld(why).into()), expected, "{why}");
        }
        for (status, reason, wait_s, expected) in [
            (400, "badRequest", None, 24),
            (403, "forbidden", None, 24),
            (403, "dailyLimitExceeded", None, 6),
            (410, "gone", None, 24),
            (412, "conditionNotMet", None, 24),
            (416, "requestedRangeNotSatisfiable", None, 0),
            (429, "rateLimitExceeded", None, 0),
            (429, "rateLimitExceeded", Some(7200), 2),
            (429, "rateLimitExceeded", Some(u64::MAX), 7 * 24),
            (501, "notImplemented", None, 24),
            (503, "backendError", None, 0),
            (503, "backendError", Some(36_000), 10),
        ] {
            let failure = refused(status, reason, wait_s);
            assert_eq!(hours(failure), expected, "{status} {reason} {wait_s:?}");
        }
        let gone = hours(source::Error::Gone.into());
        assert_eq!((gone, hours(source::Error::Google(google::Error::Spent).into())), (0, 6));
    }

    #[test]
    fn only_what_is_google_s_own_trouble_is_an_outage() {
        for (status, expected) in [(403, false), (404, false), (429, true), (503, true)] {
            assert_eq!(is_outage(&refused(status, "", None)), expected, "{status}");
        }
    }

    fn refused(status: u16, reason: &str, wait_s: Option<u64>) -> Failure {
        let wait = wait_s.map(Duration::from_secs);
        let (url, reason) = (String::new(), reason.to_owned());
        let error = google::Error::Refused { url, status, reason, message: String::new(), wait };
        source::Error::Google(error).into()
    }
}

//! What there is to say of Google Takeout's exports, in words: when the last came, what of it is
//! missing, when the next is due. For the closing words of a run and for `status`.
//!
//! Pure functions. That exports stop to come is noticed by nobody, so it is said.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::human::{ago, bytes, count, some};
use crate::engine::{SeenExport, TakeoutCoverage};
use crate::model::printable;
use crate::plan::{Schedule, schedule};

/// Where exports are ordered.
const WHERE: &str = "https://takeout.google.com";

/// How many missing parts are named.
const MISSING_SHOWN: usize = 10;

/// Returns lines on the exports that came; none where none did. One that begins with a space
/// goes on with the sentence before it.
#[must_use]
pub fn came(takeout: &TakeoutCoverage, now: DateTime<Utc>) -> Vec<String> {
    let Some(newest) = takeout.exports.first() else { return Vec::new() };
    let mut lines = vec![last(newest, now)];
    if newest.read < newest.parts {
        lines.push(format!("  of which {} not taken in yet", are(newest.parts - newest.read)));
    }
    lines.extend(missing(&takeout.exports));
    if let Some(schedule) = schedule_of(takeout, now) {
        lines.extend(next(&schedule, now));
        lines.extend(warnings(&schedule, now));
    }
    lines.extend(left(takeout));
    lines
}

/// Returns what a person is told even if they want to be told of problems only: exports that
/// came by themselves do so no longer.
#[must_use]
pub fn stopped(takeout: &TakeoutCoverage, now: DateTime<Utc>) -> Vec<String> {
    let schedule = schedule_of(takeout, now).filter(|schedule| schedule.ends.is_some());
    schedule.map(|schedule| warnings(&schedule, now)).unwrap_or_default()
}

fn schedule_of(takeout: &TakeoutCoverage, now: DateTime<Utc>) -> Option<Schedule> {
    let dated = takeout.exports.iter().filter(|export| export.is_dated);
    let made: Vec<_> = dated.map(|export| export.made_at).collect();
    schedule(&made, now)
}

fn last(export: &SeenExport, now: DateTime<Utc>) -> String {
    let passed = (now - export.made_at).to_std().unwrap_or_default();
    let found = if export.is_dated { "" } else { "found on " };
    let made = format!("{found}{} ({})", day(export.made_at), ago(passed));
    let parts = some(export.parts, "part");
    // An unpacked folder's are not counted.
    let size = Some(export.bytes).filter(|size| *size > 0).map(bytes);
    let size = size.map(|size| format!(", {size}")).unwrap_or_default();
    format!("Last export: {made}, {parts}{size}")
}

fn are(parts: u64) -> String {
    format!("{} {}", count(parts), if parts == 1 { "is" } else { "are" })
}

fn missing(exports: &[SeenExport]) -> Vec<String> {
    let names: Vec<_> = exports.iter().flat_map(|export| &export.missing).collect();
    let mut lines = Vec::new();
    if !names.is_empty() {
        let parts = some(names.len() as u64, "part");
        let are = if names.len() == 1 { "is" } else { "are" };
        lines.push(format!("{parts} {are} missing, and what is in there is not backed up:"));
    }
    let shown = names.iter().take(MISSING_SHOWN);
    lines.extend(shown.map(|name| format!("  {}", printable(name))));
    if names.len() > MISSING_SHOWN {
        lines.push(format!("  and {} more", count((names.len() - MISSING_SHOWN) as u64)));
    }
    lines
}

/// When the next comes, and until when they do.
fn next(schedule: &Schedule, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = Vec::new();
    match (schedule.next, schedule.ends) {
        (Some(next), _) if next < now => {
            lines.push(format!("The next was due about {}", day(next)));
        }
        (Some(next), None) => {
            lines.push(format!("The next: about {}, if they come every two months", day(next)));
        }
        (Some(next), Some(_)) => lines.push(format!("The next: about {}", day(next))),
        (None, _) => {}
    }
    if let Some(ends) = schedule.ends.filter(|ends| schedule.next.is_some() && *ends > now) {
        lines.push(format!("They end about {}, after a year: renew them then", day(ends)));
    }
    lines
}

/// What only a person can do something about.
fn warnings(schedule: &Schedule, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = Vec::new();
    match schedule.ends {
        Some(ends) if ends <= now => {
            lines.push(format!("WARNING: the year of exports ended about {}:", day(ends)));
            lines.push(format!("  no more come until you renew them at {WHERE}"));
        }
        Some(_) if schedule.next.is_none() => {
            lines.push("WARNING: that was the last of the year's exports:".to_owned());
            lines.push(format!("  no more come until you renew them at {WHERE}"));
        }
        _ if schedule.is_late => {
            let days = u64::try_from((now - schedule.last).num_days()).unwrap_or(0);
            lines.push(format!("WARNING: none came for {}; what is newer is", some(days, "day")));
            lines.push(format!("  not backed up. See at {WHERE} what became of them"));
        }
        _ => {}
    }
    lines
}

/// What a person may want to look at.
fn left(takeout: &TakeoutCoverage) -> Vec<String> {
    let mut lines = Vec::new();
    if takeout.unmatched > 0 {
        let are = if takeout.unmatched == 1 { "has" } else { "have" };
        lines.push(format!("{} {are} no sidecar: name and date", some(takeout.unmatched, "item")));
        lines.push("  are the file's own (in v_files: match_rule = 'takeout_none')".to_owned());
    }
    if takeout.problems > 0 {
        let problems = some(takeout.problems, "problem");
        lines.push(format!("{problems} with exports (in v_problems: source = 'takeout')"));
    }
    lines
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// The same for programs. Its names are a contract, told in `docs/guide/progress.rst`.
#[must_use]
pub fn object(takeout: &TakeoutCoverage, now: DateTime<Utc>) -> Value {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let schedule = schedule_of(takeout, now);
    let newest = takeout.exports.first();
    let missing: Vec<_> = takeout.exports.iter().flat_map(|export| &export.missing).collect();
    json!({
        "exports": takeout.exports.len(),
        "last": newest.map(|export| &export.name),
        "last_at": newest.map(|export| time(export.made_at)),
        "last_parts": newest.map(|export| export.parts),
        "last_parts_read": newest.map(|export| export.read),
        "last_bytes": newest.map(|export| export.bytes),
        "missing": missing,
        "next_at": schedule.and_then(|schedule| schedule.next).map(time),
        "ends_at": schedule.and_then(|schedule| schedule.ends).map(time),
        "late": schedule.map(|schedule| schedule.is_late),
        "unmatched": takeout.unmatched,
        "problems": takeout.problems,
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NONE: [&str; 0] = [];

    const TODAY: &str = "2026-11-21T03:15:00Z";

    #[test]
    fn what_there_is_to_say_of_the_exports_that_came() {
        check(&[], &[]);
        check(
            &[export("2026-11-01")],
            &[
                "Last export: 2026-11-01 (20 days ago), 3 parts, 6.1 GB",
                "The next: about 2027-01-01, if they come every two months",
            ],
        );
        check(
            &[export("2026-11-01"), export("2026-09-01")],
            &[
                "Last export: 2026-11-01 (20 days ago), 3 parts, 6.1 GB",
                "The next: about 2027-01-01",
                "They end about 2027-09-01, after a year: renew them then",
            ],
        );
        check(
            &[export("2026-09-12"), export("2026-07-12")],
            &[
                "Last export: 2026-09-12 (70 days ago), 3 parts, 6.1 GB",
                "The next was due about 2026-11-12",
                "They end about 2027-07-12, after a year: renew them then",
            ],
        );
        check(
            &[export("2026-09-11")],
            &[
                "Last export: 2026-09-11 (71 days ago), 3 parts, 6.1 GB",
                "The next was due about 2026-11-11",
                "WARNING: none came for 71 days; what is newer is",
                "  not backed up. See at https://takeout.google.com what became of them",
            ],
        );
    }

    #[test]
    fn that_the_year_is_over_is_said_before_it_is_late() {
        let year: Vec<_> = (0..6).map(|i| back(305 - 61 * i + 10)).rev().collect();
        assert_eq!(
            told(&year).split_off(1),
            [
                "WARNING: that was the last of the year's exports:",
                "  no more come until you renew them at https://takeout.google.com",
            ]
        );
        let year: Vec<_> = (0..6).map(|i| back(305 - 61 * i + 100)).rev().collect();
        assert_eq!(
            told(&year).split_off(1),
            [
                "WARNING: the year of exports ended about 2026-10-12:",
                "  no more come until you renew them at https://takeout.google.com",
            ]
        );
        assert_eq!(stopped(&of(&year), now()), told(&year)[1..]);
        // One that a person asked for once is nothing that stops.
        assert_eq!(stopped(&of(&[back(200)]), now()), NONE);
        assert_eq!(stopped(&of(&[back(80), back(141)]), now()).len(), 2);
        assert_eq!(stopped(&of(&[back(10), back(71)]), now()), NONE);
    }

    #[test]
    fn parts_that_are_missing_or_not_read_are_told_of_every_export() {
        let missing = |day: &str, numbers: std::ops::Range<u32>| SeenExport {
            missing: numbers.map(|number| format!("takeout-x-{number:03}.zip")).collect(),
            ..export(day)
        };
        let newest = SeenExport { read: 1, ..missing("2026-11-01", 2..3) };
        assert_eq!(
            told(&[newest, export("2026-10-01")])[1..4],
            [
                "  of which 2 are not taken in yet",
                "1 part is missing, and what is in there is not backed up:",
                "  takeout-x-002.zip",
            ]
        );
        let both = [missing("2026-11-01", 2..10), missing("2026-10-30", 2..10)];
        let lines = told(&both);
        assert_eq!(lines[1], "16 parts are missing, and what is in there is not backed up:");
        assert_eq!(
            (lines[2].as_str(), lines[12].as_str()),
            ("  takeout-x-002.zip", "  and 6 more")
        );
    }

    #[test]
    fn what_a_person_may_want_to_look_at_is_told_with_the_place() {
        let takeout = TakeoutCoverage { unmatched: 1, problems: 12_345, ..of(&[back(1)]) };
        assert_eq!(
            came(&takeout, now())[2..],
            [
                "1 item has no sidecar: name and date",
                "  are the file's own (in v_files: match_rule = 'takeout_none')",
                "12,345 problems with exports (in v_problems: source = 'takeout')",
            ]
        );
    }

    #[test]
    fn of_an_export_without_a_date_it_is_not_known_when_the_next_is_due() {
        let unpacked = SeenExport { is_dated: false, parts: 1, bytes: 0, ..back(100) };
        assert_eq!(told(&[unpacked]), ["Last export: found on 2026-08-13 (100 days ago), 1 part"]);
    }

    #[test]
    fn all_of_it_fits_on_80_columns() {
        let missing = vec!["takeout-20250921T1994402Z-3-009.zip".to_owned()];
        for days in [0, 69, 71, 400, 10_000] {
            let long = SeenExport {
                parts: 123_456,
                read: 0,
                bytes: 999_900_000_000,
                is_dated: false,
                missing: missing.clone(),
                ..back(days)
            };
            let exports = [vec![long.clone()], vec![long, back(days), back(days + 61)]];
            let takeout = |exports: &Vec<_>| TakeoutCoverage {
                unmatched: 123_456,
                problems: 123_456,
                ..of(exports)
            };
            let lines = exports.iter().flat_map(|exports| came(&takeout(exports), now()));
            let too_long: Vec<_> = lines.filter(|line| line.chars().count() > 78).collect();
            assert_eq!(too_long, NONE);
        }
    }

    #[track_caller]
    fn check(exports: &[SeenExport], expected: &[&str]) {
        assert_eq!(told(exports), expected);
    }

    fn told(exports: &[SeenExport]) -> Vec<String> {
        came(&of(exports), now())
    }

    fn of(exports: &[SeenExport]) -> TakeoutCoverage {
        TakeoutCoverage { exports: exports.to_vec(), ..TakeoutCoverage::default() }
    }

    fn now() -> DateTime<Utc> {
        TODAY.parse().unwrap()
    }

    fn back(days: i64) -> SeenExport {
        SeenExport { made_at: now() - TimeDelta::days(days), ..export("2026-11-01") }
    }

    fn export(day: &str) -> SeenExport {
        SeenExport {
            name: format!("takeout-{day}"),
            made_at: format!("{day}T00:00:00Z").parse().unwrap(),
            is_dated: true,
            parts: 3,
            read: 3,
            bytes: 6_100_000_000,
            missing: Vec::new(),
        }
    }
}

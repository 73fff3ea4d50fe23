//! The closing words of a run: what was done, what was not, and what the
//! archive does not hold.
//!
//! Only words: [`text`] is a pure function, and every sentence is a row of the
//! table at the end of this file. What is not backed up is always said, since
//! nobody looks for what they believe to be there.

use std::fmt::Write as _;
use std::time::Duration;

use super::human::{bytes, count, duration, some};
use crate::engine::{Coverage, Outcome, Problem, Reach, Summary};
use crate::model::printable;

/// How many problems are named.
const PROBLEMS_SHOWN: usize = 20;

/// What there is to tell of a run.
#[derive(Clone, Debug)]
pub struct Closing<'a> {
    /// What the run came to.
    pub summary: &'a Summary,
    /// Where the archive is.
    pub archive: &'a str,
    /// How long the run took.
    pub took: Duration,
    /// How far it was to go.
    pub reach: Reach,
    /// What was left alone by wish.
    pub skipped: Skipped,
    /// Whether only the problems are told.
    pub quiet: bool,
}

/// What was left alone by wish.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skipped {
    /// Google Drive.
    pub drive: bool,
    /// Google Photos.
    pub photos: bool,
}

/// Returns the closing words, several lines; with `quiet` and no problem, none.
#[must_use]
pub fn text(closing: &Closing<'_>) -> String {
    let mut text = String::new();
    if !closing.quiet {
        say(&mut text, &headline(closing));
        for line in done(closing) {
            say(&mut text, &format!("  {line}"));
        }
    }
    problems(closing.summary, &mut text);
    if !closing.quiet {
        say(&mut text, "In the archive, and not:");
        for line in coverage(&closing.summary.coverage, closing.skipped) {
            say(&mut text, &format!("  {line}"));
        }
    }
    text
}

fn say(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _: std::fmt::Result = writeln!(text, "{line}");
}

fn headline(closing: &Closing<'_>) -> String {
    let whose = match &closing.summary.coverage.account {
        Some(account) => format!("{} to {}", printable(account), printable(closing.archive)),
        None => printable(closing.archive).into_owned(),
    };
    let took = duration(closing.took);
    match (closing.summary.outcome, closing.reach) {
        (Outcome::Complete, Reach::IndexOnly) => format!("Indexed only: {whose}, in {took}."),
        (Outcome::Complete, _) => format!("Complete: {whose}, in {took}."),
        (Outcome::Incomplete, _) => {
            format!("Finished, not everything could be saved: {whose}, in {took}.")
        }
        (Outcome::Refused, _) => format!("Finished, removed nothing: {whose}, in {took}."),
        (Outcome::Interrupted, _) => {
            format!("Interrupted after {took}: {whose}. The next run goes on from here.")
        }
        (Outcome::Failed, _) => {
            format!("Stopped by an error after {took}: {whose}. What was saved so far is kept.")
        }
    }
}

fn done(closing: &Closing<'_>) -> Vec<String> {
    let summary = closing.summary;
    let mut lines = Vec::new();
    let mut line = |number: u64, what: &str| {
        if number > 0 {
            lines.push(format!("{} {what}", some(number, "file")));
        }
    };
    line(summary.added, "saved");
    line(summary.changed, "replaced by a newer state; the older one is in the trash");
    line(summary.moved, "moved, as they were in Google");
    line(summary.removed, "removed to the trash");
    if lines.is_empty() && closing.reach != Reach::IndexOnly && summary.outcome == Outcome::Complete
    {
        lines.push("Nothing had to be fetched: it was up to date.".to_owned());
    }
    lines.push(format!(
        "{} fetched with {}",
        bytes(summary.bytes),
        some(summary.requests, "request")
    ));
    lines
}

fn problems(summary: &Summary, text: &mut String) {
    let open = u64::try_from(summary.problems.len()).unwrap_or(u64::MAX).max(summary.failed);
    if open == 0 {
        return;
    }
    say(text, &format!("{} not saved; the next run tries again:", some(open, "item")));
    for problem in summary.problems.iter().take(PROBLEMS_SHOWN) {
        say(text, &format!("  {}", problem_line(problem)));
    }
    let shown = summary.problems.len().min(PROBLEMS_SHOWN);
    let rest = open - u64::try_from(shown).unwrap_or(open);
    if rest > 0 {
        say(text, &format!("  and {} more, in the view v_problems of index.db", count(rest)));
    }
}

fn problem_line(problem: &Problem) -> String {
    let tried = match problem.attempts {
        0 | 1 => String::new(),
        times => format!(" (tried {times} times)"),
    };
    format!("{}: {}{tried}", printable(&problem.path), printable(&problem.reason))
}

fn coverage(coverage: &Coverage, skipped: Skipped) -> Vec<String> {
    let mut lines = vec![format!(
        "Drive: {} saved, {}",
        some(coverage.drive_saved, "file"),
        bytes(coverage.drive_saved_bytes)
    )];
    if skipped.drive {
        lines.push("Drive: not looked at in this run (--skip-drive)".to_owned());
    }
    for (what, number) in coverage.drive_not_selected.iter().filter(|(_, number)| **number > 0) {
        let remedy = remedy(what).map(|option| format!(" ({option})")).unwrap_or_default();
        lines.push(format!("Drive: {} {} not selected{remedy}", count(*number), printable(what)));
    }
    if coverage.gone > 0 {
        lines
            .push(format!("Drive: {} kept that Google no longer has", some(coverage.gone, "file")));
    }
    if !coverage.shared_drives.is_empty() {
        let names: Vec<_> = coverage.shared_drives.iter().map(|name| printable(name)).collect();
        lines.push(format!("Shared drives: not backed up by this version: {}", names.join(", ")));
    }
    let photos = if skipped.photos {
        "left alone (--skip-photos)"
    } else {
        "not read by this version yet: your photos there are not backed up by this run"
    };
    lines.push(format!("Google Photos: {photos}"));
    lines
}

/// The option that selects what is not selected, by the engine's word for it.
fn remedy(what: &str) -> Option<&'static str> {
    match what {
        what if what.contains("shared") => Some("--shared"),
        what if what.contains("Takeout") => Some("--takeout-archives"),
        what if what.contains("video") => Some("without --skip-video"),
        what if what.contains("document") || what.contains("file") => Some("--all-files"),
        _ => None,
    }
}

//! The closing words of a run: what was done, what was not, and what the
//! archive does not hold.
//!
//! Only words: [`text`] is a pure function. What is said of the archive as such is
//! in `coverage`.

use std::fmt::Write as _;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::coverage::{self, Taken, Wish};
use super::exports;
use super::human::{bytes, count, duration, some};
use crate::engine::{Outcome, Problem, Reach, Summary};
use crate::model::printable;

/// When what could not be saved is tried again.
pub const AGAIN: &str = "; the next run tries again";

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
    /// When it ended.
    pub now: DateTime<Utc>,
    /// How far it was to go.
    pub reach: Reach,
    /// What was asked for.
    pub wish: Wish,
    /// Whether only the problems are told.
    pub quiet: bool,
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
    let again = if closing.summary.pick { "" } else { AGAIN };
    problems(&closing.summary.problems, closing.summary.tally.failed, again, &mut text);
    let coverage = &closing.summary.coverage;
    let exports = match (closing.quiet, closing.wish.takeout) {
        (false, _) => exports::came(&coverage.takeout, closing.now),
        (true, Taken::Skipped) => Vec::new(),
        (true, _) => exports::stopped(&coverage.takeout, closing.now),
    };
    let mut sections = vec![("Google Takeout:", exports)];
    if !closing.quiet {
        let held = ("In the archive:", coverage::held(coverage, closing.wish));
        sections.insert(0, held);
        sections.push(("Not in the archive:", coverage::not_held(coverage, closing.wish)));
    }
    told(&sections, &mut text);
    text
}

/// Writes each heading below which there is something to tell, and that.
pub fn told(sections: &[(&str, Vec<String>)], text: &mut String) {
    for (heading, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
        say(text, heading);
        for line in lines {
            say(text, &format!("  {line}"));
        }
    }
}

/// Writes a line.
pub fn say(text: &mut String, line: &str) {
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
    line(summary.tally.added, "saved");
    line(summary.tally.changed, "replaced by a newer state; the older is in .gphotos-sync/trash");
    line(summary.tally.moved, "moved, as in Google");
    line(summary.tally.removed, "removed to .gphotos-sync/trash");
    if summary.tally.recognised > 0 {
        let items = some(summary.tally.recognised, "item");
        lines.push(format!("{items} fetched that turned out to be there already: not kept twice"));
    }
    let requests = some(summary.tally.requests, "request");
    let nothing = lines.is_empty() && summary.tally.bytes == 0;
    if nothing && summary.outcome == Outcome::Complete && closing.reach != Reach::IndexOnly {
        lines.push(format!("Nothing had to be fetched: it was up to date ({requests})"));
    } else if summary.tally.bytes == 0 {
        lines.push(format!("Nothing was fetched ({requests})"));
    } else {
        lines.push(format!("{} fetched with {requests}", bytes(summary.tally.bytes)));
    }
    lines
}

/// Writes the first of the open `problems`, of which there are `failed` or more; `again` says
/// when they are tried again.
pub fn problems(problems: &[Problem], failed: u64, again: &str, text: &mut String) {
    let open = u64::try_from(problems.len()).unwrap_or(u64::MAX).max(failed);
    if open == 0 {
        return;
    }
    say(text, &format!("{} not saved{again}:", some(open, "item")));
    for problem in problems.iter().take(PROBLEMS_SHOWN) {
        say(text, &format!("  {}", problem_line(problem)));
    }
    let shown = problems.len().min(PROBLEMS_SHOWN);
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::engine::{Coverage, Held, SeenExport, Tally};
    use crate::plan::Why;

    #[test]
    fn a_first_run_says_what_was_saved_and_what_was_not() {
        let mut summary = Summary {
            tally: Tally { added: 1204, bytes: 3_400_000_000, requests: 1310, ..Tally::default() },
            ..calm()
        };
        summary.coverage.drive.not_selected = [(Why::Document, 4312), (Why::NotOwned, 1)].into();
        summary.coverage.shared_drives = vec!["Family".to_owned(), "Work\n".to_owned()];
        expect(
            &closing(&summary),
            "\
Complete: ann@example.org to /backup, in 3 min 12 s.
  1,204 files saved
  3.4 GB fetched with 1,310 requests
In the archive:
  Drive: 1,204 files, 3.4 GB
Not in the archive:
  Drive: 1 file of other people not selected (--shared)
  Drive: 4,312 documents not selected (--all-files)
  Shared drives: not backed up by this version: Family, Work\\n
  Google Photos: the API shows this app 0 items; no Takeout export found:
    your photos are not backed up
    (since March 2025 Google shows an app only what that app uploaded itself;
    https://takeout.google.com gives you everything)
",
        );
    }

    #[test]
    fn problems_are_named_with_their_reason_and_told_even_if_quiet() {
        let problem = |path: &str, attempts| Problem {
            path: path.to_owned(),
            reason: "its owner does not allow downloading it".to_owned(),
            attempts,
        };
        let summary = Summary {
            outcome: Outcome::Incomplete,
            tally: Tally { failed: 3, ..Tally::default() },
            problems: vec![problem("drive/a\u{1b}.jpg", 1), problem("drive/b.jpg", 4)],
            ..calm()
        };
        let told = "\
3 items not saved; the next run tries again:
  drive/a\\u{1b}.jpg: its owner does not allow downloading it
  drive/b.jpg: its owner does not allow downloading it (tried 4 times)
  and 1 more, in the view v_problems of index.db
";
        assert!(text(&closing(&summary)).contains(told), "{}", text(&closing(&summary)));
        expect(&Closing { quiet: true, ..closing(&summary) }, told);
        let fine = calm();
        expect(&Closing { quiet: true, ..closing(&fine) }, "");
    }

    #[test]
    fn exports_that_stop_to_come_are_told_even_if_quiet() {
        let mut summary = calm();
        let export = |days: i64| SeenExport {
            name: "takeout-x".to_owned(),
            made_at: DateTime::UNIX_EPOCH - TimeDelta::days(days),
            is_dated: true,
            parts: 1,
            read: 1,
            bytes: 1000,
            missing: Vec::new(),
        };
        summary.coverage.takeout.exports = vec![export(80), export(141)];
        let warning = "  WARNING: none came for 80 days; what is newer is
    not backed up. See at https://takeout.google.com what became of them
";
        let quiet = Closing { quiet: true, ..closing(&summary) };
        expect(&quiet, &format!("Google Takeout:\n{warning}"));
        let all = text(&closing(&summary));
        assert!(all.contains("Google Takeout:\n  Last export: 1969-10-13 (80 days ago)"), "{all}");
        assert!(all.contains(warning), "{all}");
    }

    #[test]
    fn each_way_to_end_has_its_headline() {
        for (outcome, reach, words) in [
            (Outcome::Complete, Reach::Whole, "Complete: ann@example.org to /backup"),
            (Outcome::Complete, Reach::IndexOnly, "Indexed only: "),
            (Outcome::Incomplete, Reach::Whole, "Finished, not everything could be saved: "),
            (Outcome::Refused, Reach::Whole, "Finished, removed nothing: "),
            (Outcome::Interrupted, Reach::Whole, "Interrupted after 3 min 12 s: "),
            (Outcome::Failed, Reach::Whole, "Stopped by an error after 3 min 12 s: "),
        ] {
            let summary = Summary { outcome, ..calm() };
            let told = text(&Closing { reach, ..closing(&summary) });
            assert!(told.starts_with(words), "{told}");
        }
    }

    #[test]
    fn what_was_done_and_left_alone_is_told_in_words() {
        let mut summary = Summary {
            tally: Tally { changed: 1, moved: 2, removed: 3, requests: 1, ..Tally::default() },
            ..calm()
        };
        summary.coverage.gone = 5;
        let wish = Wish { drive: Taken::Skipped, photos: Taken::Skipped, ..Wish::default() };
        let told = text(&Closing { wish, ..closing(&summary) });
        for words in [
            "1 file replaced by a newer state; the older is in .gphotos-sync/trash",
            "2 files moved, as in Google",
            "3 files removed to .gphotos-sync/trash",
            "Nothing was fetched (1 request)",
            "Drive: what is new there; not looked at in this run (--skip-drive)",
            "5 files that Google no longer has are kept\n    \
             (--do-delete moves them to the trash, less what you put back)",
            "Google Photos: left alone (--skip-photos)",
        ] {
            assert!(told.contains(words), "{words}: {told}");
        }
    }

    #[test]
    fn a_run_that_fetched_nothing_says_so_once() {
        let calm = Summary { tally: Tally { requests: 2, ..Tally::default() }, ..calm() };
        let told = text(&closing(&calm));
        assert!(told.contains("\n  Nothing had to be fetched: it was up to date (2 requests)\n"));
        let only = Closing { reach: Reach::IndexOnly, ..closing(&calm) };
        assert!(text(&only).contains("\n  Nothing was fetched (2 requests)\n"));
    }

    #[track_caller]
    fn expect(closing: &Closing<'_>, told: &str) {
        assert_eq!(text(closing), told);
    }

    /// A complete run that had nothing to do.
    fn calm() -> Summary {
        let mut coverage =
            Coverage { account: Some("ann@example.org".to_owned()), ..Coverage::default() };
        coverage.drive.held = Held { items: 1204, elsewhere: 0, bytes: 3_400_000_000 };
        (coverage.drive.listed, coverage.photos.listed) = (true, true);
        Summary { coverage, ..Summary::default() }
    }

    fn closing(summary: &Summary) -> Closing<'_> {
        Closing {
            summary,
            archive: "/backup",
            took: Duration::from_secs(192),
            now: DateTime::UNIX_EPOCH,
            reach: Reach::Whole,
            wish: Wish::default(),
            quiet: false,
        }
    }
}

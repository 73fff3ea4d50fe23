//! `status`: what the archive holds and lacks, and how its runs went, by its index
//! alone. Nothing is asked of Google, nothing is locked, nothing is written.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::Connection;
use serde_json::json;

use super::args::Status;
use super::coverage::{self, Taken, Wish};
use super::exports;
use super::human::{ago, duration, some};
use super::job::{index_path, on_disk, open_archive, stopped_by};
use super::report::Stopped;
use super::screen::{Lines as _, Stdout};
use super::settings::Display;
use super::summary::{AGAIN, problems, say, told};
use super::verify::no_index;
use super::{Ended, Session};
use crate::engine::{Coverage, Problem};
use crate::index::problem::{self, Whose};
use crate::index::run::Past;
use crate::index::{self, item, run};
use crate::model::{SourceId, printable};

/// How many problems are read.
const PROBLEMS: u32 = 100;

/// How an archive stands.
#[derive(Debug, Default)]
struct Standing {
    coverage: Coverage,
    /// How many items the next run is to fetch, by their source.
    pending: Vec<(&'static str, u64)>,
    failed: u64,
    problems: Vec<Problem>,
    last: Option<Past>,
    /// The last run after which the archive had all of every source.
    last_complete: Option<Past>,
    /// How long ago that may be, and whether it is longer.
    max_age: Option<(Duration, bool)>,
    /// Who works on it now.
    holder: Option<String>,
}

/// Says how the archive stands.
///
/// # Errors
///
/// There is no index to read, or no archive.
pub fn run(session: &Session, asked: &Status) -> Result<(), Ended> {
    let target = &asked.place.target_dir;
    let archive = open_archive(target, session)?;
    let db = index::open_read_only(&index_path(&archive, session));
    let db = db.map_err(|error| no_index(error, target))?;
    let wish = Wish::of(&session.settings);
    let mut standing = Standing::read(&db, wish).map_err(|error| stopped_by(error.into()))?;
    standing.holder = archive.holder().map_err(on_disk)?;
    let now = session.clock.now();
    standing.max_age =
        asked.max_age.map(|age| (age, is_too_old(standing.last_complete.as_ref(), age, now)));
    if session.settings.output.progress == Display::Json {
        Stdout.line(&object(&standing, now));
    } else {
        let archive = target.display().to_string();
        Stdout.line(text(&standing, &archive, wish, now).trim_end());
    }
    match standing.max_age {
        Some((_, true)) => Err(Ended::Told(Stopped::Incomplete)),
        _ => Ok(()),
    }
}

/// Says whether the last complete run is longer ago than it may be. One that is said to be
/// as far in the future is as good as none: some clock is, or was, wrong.
fn is_too_old(last: Option<&Past>, max_age: Duration, now: DateTime<Utc>) -> bool {
    let at = last.and_then(|run| run.finished_at);
    at.is_none_or(|at| (now - at).abs().to_std().is_ok_and(|apart| apart > max_age))
}

impl Standing {
    fn read(db: &Connection, wish: Wish) -> Result<Self, index::Error> {
        let pending = |(source, name)| Ok((name, item::count_pending(db, source)?));
        let sources = [
            (SourceId::Drive, "Drive"),
            (SourceId::Photos, "Google Photos"),
            (SourceId::Takeout, "Google Takeout"),
            (SourceId::Picker, "Picked"),
            (SourceId::Adopted, "Adopted"),
        ];
        let coverage = Coverage::read(db, &index::coverage::held(db)?)?;
        let wanted = [
            (SourceId::Drive, coverage.drive.listed && wish.drive != Taken::Skipped),
            (SourceId::Photos, coverage.photos.listed && wish.photos != Taken::Skipped),
        ];
        Ok(Self {
            last_complete: last_complete(db, wanted)?,
            max_age: None,
            coverage,
            pending: sources.into_iter().map(pending).collect::<Result<_, index::Error>>()?,
            failed: problem::count(db, &Whose::all())?,
            problems: problem::open(db, &Whose::all(), PROBLEMS)?,
            last: run::last(db)?,
            holder: None,
        })
    }
}

/// The last run after which the archive had all of every source that is wanted: of the
/// last one of each the oldest.
fn last_complete(
    db: &Connection,
    wanted: [(SourceId, bool); 2],
) -> Result<Option<Past>, index::Error> {
    let mut oldest: Option<Past> = None;
    for (source, _) in wanted.into_iter().filter(|(_, is_wanted)| *is_wanted) {
        let Some(last) = run::last_complete(db, source)? else { return Ok(None) };
        let is_older = oldest.as_ref().is_none_or(|one| last.finished_at < one.finished_at);
        oldest = if is_older { Some(last) } else { oldest };
    }
    Ok(oldest)
}

/// How an archive stands, several lines.
fn text(standing: &Standing, archive: &str, wish: Wish, now: DateTime<Utc>) -> String {
    let mut text = String::new();
    let coverage = &standing.coverage;
    let archive = printable(archive);
    say(
        &mut text,
        &match &coverage.account {
            Some(account) => format!("{archive}: a backup of {}", printable(account)),
            None => format!("{archive}: a backup that has not begun yet"),
        },
    );
    for line in runs(standing, now) {
        say(&mut text, &format!("  {line}"));
    }
    problems(&standing.problems, standing.failed, AGAIN, &mut text);
    let pending = standing.pending.iter().filter(|(_, number)| *number > 0);
    let pending = pending.map(|(source, number)| format!("{source}: {}", some(*number, "file")));
    let sections = [
        ("In the archive:", coverage::held(coverage, wish)),
        ("To be fetched by the next run:", pending.collect()),
        ("Google Takeout:", exports::came(&coverage.takeout, now)),
        ("Not in the archive:", coverage::not_held(coverage, wish)),
    ];
    told(&sections, &mut text);
    text
}

/// How the runs went.
fn runs(standing: &Standing, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = vec![match &standing.last_complete {
        Some(run) => format!("Last complete run: {}", when(run, now)),
        None => "Last complete run: none so far".to_owned(),
    }];
    if let Some((max_age, true)) = standing.max_age {
        lines.push(format!("That is longer ago than it may be: {}", duration(max_age)));
    }
    if let Some(holder) = &standing.holder {
        lines.push(format!("A run is going on: {}", printable(holder)));
    } else if let Some(last) =
        standing.last.as_ref().filter(|_| standing.last != standing.last_complete)
    {
        lines.push(format!("Last run: {}, {}", how(last.outcome.as_deref()), when(last, now)));
    }
    lines
}

/// How a run ended, in words.
pub fn how(outcome: Option<&str>) -> &'static str {
    match outcome {
        Some("complete") => "complete",
        Some("incomplete") => "finished, not everything could be saved",
        Some("refused") => "finished, the deletion guard refused to remove anything",
        Some("interrupted") => "interrupted",
        Some(_) => "stopped by an error",
        None => "cut off",
    }
}

/// When a run ended, or began where it never ended.
pub fn when(run: &Past, now: DateTime<Utc>) -> String {
    let at = run.finished_at.unwrap_or(run.started_at);
    let passed = (now - at).to_std().unwrap_or(Duration::ZERO);
    format!("{} ({})", ago(passed), at.format("%Y-%m-%d %H:%M UTC"))
}

/// The same for programs. Its names are a contract, told in `docs/guide/progress.rst`.
fn object(standing: &Standing, now: DateTime<Utc>) -> String {
    let coverage = &standing.coverage;
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let past = |run: &Past| {
        json!({
            "started_at": time(run.started_at),
            "finished_at": run.finished_at.map(time),
            "outcome": run.outcome,
        })
    };
    let pending: u64 = standing.pending.iter().map(|(_, number)| number).sum();
    json!({
        "event": "status",
        "at": time(now),
        "account": coverage.account,
        "drive_saved": coverage.drive.held.items,
        "drive_saved_bytes": coverage.drive.held.bytes,
        "photos_saved": coverage.photos.held.items,
        "photos_saved_bytes": coverage.photos.held.bytes,
        "takeout_saved": coverage.takeout.items.held.items,
        "takeout_saved_bytes": coverage.takeout.items.held.bytes,
        "picker_saved": coverage.picker.held.items,
        "picker_saved_bytes": coverage.picker.held.bytes,
        "adopted_saved": coverage.adopted.held.items,
        "adopted_saved_bytes": coverage.adopted.held.bytes,
        "takeout": exports::object(&coverage.takeout, now),
        "albums": coverage.albums,
        "gone": coverage.gone,
        "trash": coverage.trash.files,
        "trash_bytes": coverage.trash.bytes,
        "pending": pending,
        "failed": standing.failed,
        "running": standing.holder.is_some(),
        "last_run": standing.last.as_ref().map(past),
        "last_complete_run": standing.last_complete.as_ref().map(past),
        "max_age_seconds": standing.max_age.map(|(age, _)| age.as_secs()),
        "too_old": standing.max_age.map(|(_, is_too_old)| is_too_old),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn how_the_runs_went_is_told_in_words() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(10);
        let past = |hours: i64, outcome: Option<&str>| Past {
            started_at: now - TimeDelta::hours(hours + 1),
            finished_at: outcome.map(|_| now - TimeDelta::hours(hours)),
            outcome: outcome.map(str::to_owned),
        };
        let (complete, killed) = (past(30, Some("complete")), past(2, None));
        for (last, last_complete, holder, expected) in [
            (None, None, None, &["Last complete run: none so far"][..]),
            (
                Some(&complete),
                Some(&complete),
                None,
                &["Last complete run: 1 day ago (1970-01-09 18:00 UTC)"],
            ),
            (
                Some(&killed),
                Some(&complete),
                None,
                &[
                    "Last complete run: 1 day ago (1970-01-09 18:00 UTC)",
                    "Last run: cut off, 3 hours ago (1970-01-10 21:00 UTC)",
                ],
            ),
            (
                Some(&killed),
                None,
                Some("process 42"),
                &["Last complete run: none so far", "A run is going on: process 42"],
            ),
        ] {
            let standing = Standing {
                last: last.cloned(),
                last_complete: last_complete.cloned(),
                holder: holder.map(str::to_owned),
                ..Standing::default()
            };
            assert_eq!(runs(&standing, now), expected);
        }
    }
}

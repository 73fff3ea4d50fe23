//! Progress for programs: one JSON object a line. Its names are a contract,
//! told in `docs/guide/progress.rst`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::tally::Tally;
use crate::cli::exports;
use crate::cli::screen::Lines;
use crate::engine::{
    Event, Monitor, Phase, Planned, Problem, Removable, SourceCoverage, Summary, Verified,
};
use crate::google::Clock;
use crate::model::{ArchivePath, printable_json};

/// At least this long between two `progress` objects.
const BETWEEN_LINES: TimeDelta = TimeDelta::seconds(1);

/// Writes an object for each event; those that only count are gathered.
pub struct Json {
    lines: Arc<dyn Lines>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tally: Tally,
    last: Option<DateTime<Utc>>,
}

impl Json {
    /// Writes to `lines`, paced by `clock`.
    pub fn new(lines: Arc<dyn Lines>, clock: Arc<dyn Clock>) -> Self {
        Self { lines, clock, state: Mutex::default() }
    }
}

impl Monitor for Json {
    fn on(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tally.add(&event);
        let now = self.clock.now();
        if let Some(object) = object(&event) {
            self.lines.line(&stamped(object, now));
        } else if state.last.is_none_or(|last| now - last >= BETWEEN_LINES) {
            state.last = Some(now);
            self.lines.line(&stamped(progress(&state.tally), now));
        }
    }
}

/// The closing object.
#[must_use]
pub fn summary(summary: &Summary, exit_code: u8, took: Duration, now: DateTime<Utc>) -> String {
    let (tally, coverage) = (&summary.tally, &summary.coverage);
    let (drive, photos, takeout) = (&coverage.drive, &coverage.photos, &coverage.takeout);
    let object = json!({
        "event": "summary",
        "outcome": summary.outcome.as_str(),
        "dry_run": summary.dry_run,
        "exit_code": exit_code,
        "seconds": took.as_secs(),
        "added": tally.added,
        "changed": tally.changed,
        "moved": tally.moved,
        "removed": tally.removed,
        "failed": tally.failed,
        "bytes": tally.bytes,
        "requests": tally.requests,
        "account": coverage.account,
        "drive_saved": drive.held.items,
        "drive_saved_bytes": drive.held.bytes,
        "drive_not_selected": not_selected(drive),
        "photos_shown": photos.shown,
        "photos_saved": photos.held.items,
        "photos_saved_bytes": photos.held.bytes,
        "photos_elsewhere": photos.held.elsewhere,
        "photos_not_selected": not_selected(photos),
        "takeout_saved": takeout.items.held.items,
        "takeout_saved_bytes": takeout.items.held.bytes,
        "takeout_elsewhere": takeout.items.held.elsewhere,
        "takeout_not_selected": not_selected(&takeout.items),
        "takeout_parts": coverage.unread_parts(),
        "takeout": exports::object(takeout, now),
        "picker_saved": coverage.picker.held.items,
        "picker_saved_bytes": coverage.picker.held.bytes,
        "adopted_saved": coverage.adopted.held.items,
        "adopted_saved_bytes": coverage.adopted.held.bytes,
        "albums": coverage.albums,
        "gone": coverage.gone,
        "trash_files": coverage.trash.files,
        "trash_bytes": coverage.trash.bytes,
        "shared_drives": coverage.shared_drives,
        "problems": summary.problems.iter().map(problem).collect::<Vec<_>>(),
    });
    stamped(object, now)
}

/// The closing object of a verification.
#[must_use]
pub fn verified(verified: &Verified, exit_code: u8, now: DateTime<Utc>) -> String {
    let wrong: BTreeMap<_, _> =
        verified.wrong.iter().map(|(wrong, number)| (wrong.as_str(), number)).collect();
    let object = json!({
        "event": "verified",
        "exit_code": exit_code,
        "files": verified.files,
        "read": verified.read,
        "bytes": verified.bytes,
        "wrong": wrong,
        "foreign": verified.foreign,
        "repaired": verified.repaired,
        "for_next_run": verified.for_next_run,
        "left": verified.left(),
        "removable": verified.removable.iter().map(removable).collect::<Vec<_>>(),
    });
    stamped(object, now)
}

fn not_selected(of: &SourceCoverage) -> BTreeMap<&'static str, u64> {
    of.not_selected.iter().map(|(why, items)| (why.as_str(), *items)).collect()
}

fn removable(export: &Removable) -> Value {
    json!({ "export": export.name, "parts": export.parts, "bytes": export.bytes })
}

fn problem(problem: &Problem) -> Value {
    let Problem { path, reason, attempts } = problem;
    json!({ "path": path, "reason": reason, "attempts": attempts })
}

/// What is told of `event` by itself; `None` for those that only count.
fn object(event: &Event<'_>) -> Option<Value> {
    Some(match event {
        Event::Phase(phase) => phase_object(*phase),
        Event::Moved { from, to } => {
            json!({ "event": "moved", "from": from.as_str(), "to": to.as_str() })
        }
        Event::Started { path, size_bytes } => {
            json!({ "event": "started", "path": path.as_str(), "size_bytes": size_bytes })
        }
        Event::Fetched { path } => json!({ "event": "fetched", "path": path.as_str() }),
        Event::Saved { path, size_bytes, replaced } => json!({
            "event": "saved",
            "path": path.as_str(),
            "size_bytes": size_bytes,
            "replaced": replaced,
        }),
        Event::Failed { key, path, reason } => json!({
            "event": "failed",
            "source": key.source.as_str(),
            "remote_id": key.id.as_str(),
            "path": path,
            "reason": reason,
        }),
        Event::Planned(step) => planned(*step),
        Event::Wrong { path, wrong } => {
            json!({ "event": "wrong", "what": wrong.as_str(), "path": path })
        }
        Event::Foreign { path } => json!({ "event": "foreign", "path": path }),
        Event::Linked { album, made, removed } => {
            json!({ "event": "linked", "album": album.as_str(), "made": made, "removed": removed })
        }
        Event::Removed { path, to } => {
            json!({ "event": "removed", "path": path.as_str(), "to": to.as_str() })
        }
        Event::Restored { path, size_bytes } => json!({
            "event": "restored",
            "path": path.as_str(),
            "size_bytes": size_bytes,
        }),
        Event::Note(text) => json!({ "event": "note", "text": text }),
        Event::Recognised { path, held_by } => json!({
            "event": "recognised",
            "path": path.as_str(),
            "held_by": held_by.as_str(),
        }),
        Event::Listed { .. }
        | Event::AlbumRead
        | Event::SidecarsRead { .. }
        | Event::Checked { .. }
        | Event::Compared { .. }
        | Event::Resumed { .. }
        | Event::Received { .. } => return None,
    })
}

fn planned(step: Planned<'_>) -> Value {
    let object = |step: &str, path: &ArchivePath| json!({ "event": "planned", "step": step, "path": path.as_str() });
    match step {
        Planned::Add { path } => object("add", path),
        Planned::Change { path } => object("change", path),
        Planned::Remove { path } => object("remove", path),
        Planned::Move { from, to } => {
            json!({ "event": "planned", "step": "move", "from": from.as_str(), "path": to.as_str() })
        }
    }
}

fn phase_object(phase: Phase) -> Value {
    match phase {
        Phase::Listing { source, everything } => json!({
            "event": "phase",
            "phase": "listing",
            "source": source.as_str(),
            "everything": everything,
        }),
        Phase::Checking { files } => {
            json!({ "event": "phase", "phase": "checking", "files": files })
        }
        Phase::ReadingAlbums { albums } => {
            json!({ "event": "phase", "phase": "reading_albums", "albums": albums })
        }
        Phase::ReadingExports { parts, bytes } => {
            json!({ "event": "phase", "phase": "reading_exports", "parts": parts, "bytes": bytes })
        }
        Phase::ReadingSidecars { sidecars } => {
            json!({ "event": "phase", "phase": "reading_sidecars", "sidecars": sidecars })
        }
        Phase::Comparing { items } => {
            json!({ "event": "phase", "phase": "comparing", "items": items })
        }
        Phase::Planning => json!({ "event": "phase", "phase": "planning" }),
        Phase::Moving { files } => json!({ "event": "phase", "phase": "moving", "files": files }),
        Phase::Fetching { files, bytes } => {
            json!({ "event": "phase", "phase": "fetching", "files": files, "bytes": bytes })
        }
        Phase::Verifying { files, bytes } => {
            json!({ "event": "phase", "phase": "verifying", "files": files, "bytes": bytes })
        }
        Phase::Albums { albums } => {
            json!({ "event": "phase", "phase": "albums", "albums": albums })
        }
        Phase::Removing { files } => {
            json!({ "event": "phase", "phase": "removing", "files": files })
        }
        Phase::Finishing => json!({ "event": "phase", "phase": "finishing" }),
    }
}

fn progress(tally: &Tally) -> Value {
    let all = &tally.all;
    json!({
        "event": "progress",
        "listed": all.listed,
        "albums_read": all.albums_read,
        "sidecars_read": all.sidecars_read,
        "checked": all.checked,
        "compared": all.compared,
        "moved": all.moved,
        "removed": all.removed,
        "saved": all.saved,
        "recognised": all.recognised,
        "failed": all.failed,
        "bytes": all.received,
        "resumed_bytes": all.resumed,
    })
}

fn stamped(mut object: Value, now: DateTime<Utc>) -> String {
    object["at"] = now.to_rfc3339_opts(SecondsFormat::Millis, true).into();
    printable_json(&object.to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::{StoppedClock, Written, path};
    use crate::model::SourceId;

    #[test]
    fn counts_are_gathered_and_everything_else_is_one_object() {
        let (written, clock) = (Arc::new(Written::default()), Arc::new(StoppedClock::default()));
        let json = Json::new(written.clone(), clock.clone());
        json.on(Event::Phase(Phase::Listing { source: SourceId::Drive, everything: false }));
        for _ in 0..3 {
            json.on(Event::Listed { source: SourceId::Drive, items: 100 });
        }
        clock.advance(1);
        json.on(Event::Received { bytes: 7 });
        json.on(Event::Started { path: &path("drive/a\nb"), size_bytes: None });
        assert_eq!(
            written.take(),
            [
                r#"{"at":"1970-01-01T00:00:00.000Z","event":"phase","everything":false,"phase":"listing","source":"drive"}"#,
                r#"{"albums_read":0,"at":"1970-01-01T00:00:00.000Z","bytes":0,"checked":0,"compared":0,"event":"progress","failed":0,"listed":100,"moved":0,"recognised":0,"removed":0,"resumed_bytes":0,"saved":0,"sidecars_read":0}"#,
                r#"{"albums_read":0,"at":"1970-01-01T00:00:01.000Z","bytes":7,"checked":0,"compared":0,"event":"progress","failed":0,"listed":300,"moved":0,"recognised":0,"removed":0,"resumed_bytes":0,"saved":0,"sidecars_read":0}"#,
                r#"{"at":"1970-01-01T00:00:01.000Z","event":"started","path":"drive/a\nb","size_bytes":null}"#,
            ]
        );
    }
}

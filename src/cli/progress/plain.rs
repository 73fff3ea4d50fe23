//! Progress for where no bars can be drawn: a line for each part of the run,
//! and one from time to time within it.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::tally::{Tally, title};
use crate::cli::screen::Lines;
use crate::engine::{Event, Monitor, Phase};
use crate::google::Clock;

/// At least this long between two lines within one part of the run: a journal
/// of a nightly run is read by people.
const BETWEEN_LINES: TimeDelta = TimeDelta::seconds(10);

/// Writes a line from time to time.
pub struct Plain {
    lines: Arc<dyn Lines>,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    tally: Tally,
    last: Option<DateTime<Utc>>,
}

impl Plain {
    /// Writes to `lines`, paced by `clock`.
    pub fn new(lines: Arc<dyn Lines>, clock: Arc<dyn Clock>) -> Self {
        Self { lines, clock, state: Mutex::default() }
    }
}

impl Monitor for Plain {
    fn on(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tally.add(&event);
        let now = self.clock.now();
        if let Event::Phase(phase) = event {
            state.last = Some(now);
            self.lines.line(&opening(phase));
            return;
        }
        let due = state.last.is_none_or(|last| now - last >= BETWEEN_LINES);
        let Some(words) = state.tally.words().filter(|_| due) else { return };
        state.last = Some(now);
        self.lines.line(&format!("  {words}"));
    }
}

fn opening(phase: Phase) -> String {
    let counted = Tally { phase: Some(phase), ..Tally::default() };
    match phase {
        Phase::Fetching { .. } | Phase::Moving { .. } | Phase::Checking { .. } => {
            format!("{}: {}", title(phase), counted.words().unwrap_or_default())
        }
        Phase::Listing { .. } | Phase::Planning | Phase::Finishing => title(phase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::{StoppedClock, Written};
    use crate::model::SourceId;

    #[test]
    fn there_is_a_line_for_each_part_and_then_one_in_ten_seconds() {
        let (written, clock) = (Arc::new(Written::default()), Arc::new(StoppedClock::default()));
        let plain = Plain::new(written.clone(), clock.clone());
        let listed = Event::Listed { source: SourceId::Drive, items: 600 };
        plain.on(Event::Phase(Phase::Listing { source: SourceId::Drive, everything: true }));
        plain.on(listed.clone());
        clock.advance(9);
        plain.on(listed.clone());
        clock.advance(1);
        plain.on(listed.clone());
        plain.on(listed);
        plain.on(Event::Phase(Phase::Fetching { files: 1, bytes: 2_000_000 }));
        clock.advance(10);
        plain.on(Event::Received { bytes: 500_000 });
        assert_eq!(
            written.take(),
            [
                "Listing everything in Google Drive",
                "  1,800 items listed",
                "Fetching: 0 of 1 file, 0 bytes of 2.0 MB",
                "  0 of 1 file, 500.0 kB of 2.0 MB",
            ]
        );
    }
}

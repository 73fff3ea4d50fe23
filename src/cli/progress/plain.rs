//! Progress for where no bars can be drawn: a line for each part of the run, one
//! from time to time within it, and one for what it came to.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use super::tally::{Tally, announcement};
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
    /// The part that was announced last: of two alike in a row one is.
    announced: Option<Phase>,
    /// What was said last of how far this part is.
    said: Option<String>,
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
        if let Event::Phase(phase) = event {
            let result = state.result();
            let again = state.announced == Some(phase) && result.is_none();
            for line in result.into_iter().chain(announcement(phase).filter(|_| !again)) {
                self.lines.line(&line);
            }
            state.announced = Some(phase);
            state.last = Some(self.clock.now());
            state.said = None;
        }
        state.tally.add(&event);
        if let Some(line) = state.news(self.clock.now()) {
            self.lines.line(&line);
        }
    }
}

impl State {
    /// What there is to say again, if it is time.
    fn news(&mut self, now: DateTime<Utc>) -> Option<String> {
        if self.last.is_some_and(|last| now - last < BETWEEN_LINES) {
            return None;
        }
        self.last = Some(now);
        self.said = self.tally.words_and_bytes().map(|words| format!("  {words}"));
        self.said.clone()
    }

    /// What the part that ends now came to, if that was not said. That all files
    /// were checked or moved goes without saying.
    fn result(&self) -> Option<String> {
        match self.tally.phase? {
            Phase::Listing { .. } | Phase::ReadingExports { .. } | Phase::Fetching { .. } => {}
            _ => return None,
        }
        let words = format!("  {}", self.tally.words_and_bytes()?);
        (self.said.as_ref() != Some(&words)).then_some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::{StoppedClock, Written, path};
    use crate::model::SourceId;

    #[test]
    fn there_is_a_line_for_each_part_one_in_ten_seconds_and_one_for_what_it_came_to() {
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
        plain.on(Event::Phase(Phase::Checking { files: 0 }));
        plain.on(Event::Phase(Phase::Fetching { files: 1, bytes: 2_000_000 }));
        clock.advance(10);
        plain.on(Event::Received { bytes: 500_000 });
        plain.on(Event::Received { bytes: 1_500_000 });
        plain.on(Event::Saved { path: &path("a"), size_bytes: 2_000_000, replaced: false });
        plain.on(Event::Phase(Phase::Finishing));
        assert_eq!(
            written.take(),
            [
                "Listing everything in Google Drive",
                "  1,800 items listed",
                "  2,400 items listed",
                "Fetching 1 file, 2.0 MB",
                "  0 of 1 file, 500.0 kB of 2.0 MB",
                "  1 of 1 file, 2.0 MB fetched",
                "Finishing",
            ]
        );
    }

    #[test]
    fn what_was_said_is_not_said_again_at_the_end_of_a_part() {
        let (written, clock) = (Arc::new(Written::default()), Arc::new(StoppedClock::default()));
        let plain = Plain::new(written.clone(), clock.clone());
        plain.on(Event::Phase(Phase::Listing { source: SourceId::Drive, everything: false }));
        clock.advance(10);
        plain.on(Event::Listed { source: SourceId::Drive, items: 1 });
        plain.on(Event::Phase(Phase::Checking { files: 1200 }));
        plain.on(Event::Checked { files: 1000 });
        plain.on(Event::Phase(Phase::Planning));
        plain.on(Event::Phase(Phase::Planning));
        plain.on(Event::Phase(Phase::Moving { files: 1 }));
        assert_eq!(
            written.take(),
            [
                "Asking Google Drive what is new",
                "  1 item listed",
                "Checking 1,200 files on the disk",
                "Planning",
                "Moving 1 file",
            ]
        );
    }
}

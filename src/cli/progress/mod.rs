//! What a person or a program sees of a run while it goes on.
//!
//! Each display is a [`Monitor`]; none of them decides anything, and none of
//! them may hold up the run.

mod bars;
mod journal;
mod json;
mod narrator;
mod plain;
mod results;
mod tally;

use std::sync::Arc;

use super::screen::{Lines, Screen, Stdout};
use super::settings::{Display, Output};
use crate::engine::{Event, Monitor};
use crate::google::Clock;
use crate::model::SourceId;

pub use json::{summary as summary_as_json, verified as verified_as_json};

/// Returns what `output` asks for: the display, and the log.
#[must_use]
pub fn monitor(output: &Output, screen: &Screen, clock: &Arc<dyn Clock>) -> Arc<dyn Monitor> {
    let display = display(output, screen, clock);
    let display: Arc<dyn Monitor> = match output.progress {
        Display::Json => display,
        _ => Arc::new(Both(results::Results::new(screen.clone(), output), display)),
    };
    match output.log_file {
        Some(_) => Arc::new(Both(journal::Journal, display)),
        None => display,
    }
}

fn display(output: &Output, screen: &Screen, clock: &Arc<dyn Clock>) -> Arc<dyn Monitor> {
    let lines: Arc<dyn Lines> = Arc::new(screen.clone());
    let clock = Arc::clone(clock);
    let narrator = |failures| narrator::Narrator {
        lines: Arc::clone(&lines),
        files: output.verbose > 0,
        failures,
    };
    match (output.progress, screen.bars()) {
        (Display::Json, _) => Arc::new(json::Json::new(Arc::new(Stdout), clock)),
        (Display::Nothing, _) if output.quiet => Arc::new(Both((), ())),
        (Display::Nothing, _) => Arc::new(narrator(false)),
        (Display::Bars, Some(bars)) => Arc::new(Both(narrator(true), bars::Bars::new(bars))),
        (Display::Bars | Display::Plain, _) => {
            let plain = plain::Plain::new(Arc::clone(&lines), clock);
            Arc::new(Both(narrator(true), plain))
        }
    }
}

/// Two displays side by side.
struct Both<A, B>(A, B);

impl<A: Monitor, B: Monitor> Monitor for Both<A, B> {
    fn on(&self, event: Event<'_>) {
        self.0.on(event.clone());
        self.1.on(event);
    }
}

impl Monitor for Arc<dyn Monitor> {
    fn on(&self, event: Event<'_>) {
        self.as_ref().on(event);
    }
}

/// The display that shows nothing.
impl Monitor for () {
    fn on(&self, _: Event<'_>) {}
}

/// A source as a person knows it.
const fn name(source: SourceId) -> &'static str {
    match source {
        SourceId::Drive => "Google Drive",
        SourceId::Photos => "Google Photos",
        SourceId::Picker => "the chosen items",
        SourceId::Takeout => "Google Takeout",
        SourceId::Adopted => "the files that were there",
    }
}

/// What the tests of the displays have in common.
#[cfg(test)]
mod testing {
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use async_trait::async_trait;
    use chrono::{DateTime, TimeDelta, Utc};

    use super::Lines;
    use crate::google::Clock;
    use crate::model::ArchivePath;

    /// Lines that were written.
    #[derive(Default)]
    pub struct Written(Mutex<Vec<String>>);

    impl Written {
        pub fn take(&self) -> Vec<String> {
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }

    impl Lines for Written {
        fn line(&self, text: &str) {
            self.0.lock().unwrap().push(text.to_owned());
        }
    }

    /// A clock that stands still until it is set.
    #[derive(Default)]
    pub struct StoppedClock(Mutex<i64>);

    impl StoppedClock {
        pub fn advance(&self, seconds: i64) {
            *self.0.lock().unwrap() += seconds;
        }
    }

    #[async_trait]
    impl Clock for StoppedClock {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH + TimeDelta::seconds(*self.0.lock().unwrap())
        }

        async fn sleep(&self, _: Duration) {}
    }

    pub fn path(text: &str) -> ArchivePath {
        ArchivePath::parse(text).unwrap()
    }
}

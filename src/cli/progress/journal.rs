//! A run in the log file: its parts and what went wrong, and with `-v` each file,
//! whatever the screen shows.

use tracing::{debug, info, warn};

use super::{narrator, tally};
use crate::cli::logging::JOURNAL;
use crate::engine::{Event, Monitor};

/// Tells the log.
pub struct Journal;

impl Monitor for Journal {
    fn on(&self, event: Event<'_>) {
        if let Event::Phase(phase) = event {
            if let Some(words) = tally::announcement(phase) {
                info!(target: JOURNAL, "{words}");
            }
            return;
        }
        let Some(words) = narrator::line(&event) else { return };
        match event {
            Event::Failed { .. } | Event::Note(_) => warn!(target: JOURNAL, "{words}"),
            _ => debug!(target: JOURNAL, "{words}"),
        }
    }
}

//! What a command is for, on stdout, line by line as it is found: the steps of a dry
//! run, and what a verification finds. Everything else of the run goes to stderr.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::cli::screen::Screen;
use crate::cli::settings::Output;
use crate::engine::{Event, Monitor, Planned};
use crate::model::{ArchivePath, printable};

/// How many files of somebody else's are named if nobody asks for all.
const FOREIGN: usize = 10;

/// Writes results to stdout, above the bars.
pub struct Results {
    screen: Screen,
    /// How many files of somebody else's are still named.
    foreign: AtomicUsize,
}

impl Results {
    /// Writes to `screen` what `output` asks for.
    pub const fn new(screen: Screen, output: &Output) -> Self {
        let foreign = match output.verbose {
            _ if output.quiet => 0,
            0 => FOREIGN,
            _ => usize::MAX,
        };
        Self { screen, foreign: AtomicUsize::new(foreign) }
    }

    /// Says whether one more file of somebody else's is named.
    fn names_foreign(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        self.foreign.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }
}

impl Monitor for Results {
    fn on(&self, event: Event<'_>) {
        let is_told = !matches!(event, Event::Foreign { .. }) || self.names_foreign();
        if let Some(line) = line(&event).filter(|_| is_told) {
            self.screen.result(&line);
        }
    }
}

/// The line for `event`, safe to show, if it is a result.
fn line(event: &Event<'_>) -> Option<String> {
    let shown = |path: &ArchivePath| printable(path.as_str()).into_owned();
    Some(match event {
        Event::Planned(Planned::Add { path }) => format!("+ {}", shown(path)),
        Event::Planned(Planned::Change { path }) => format!("~ {}", shown(path)),
        Event::Planned(Planned::Move { from, to }) => format!("> {} -> {}", shown(from), shown(to)),
        Event::Planned(Planned::Remove { path }) => format!("- {}", shown(path)),
        Event::Wrong { path, wrong } => format!("{:<10} {}", wrong.as_str(), printable(path)),
        Event::Foreign { path } => format!("{:<10} {}", "foreign", printable(path)),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::path;
    use crate::engine::Wrong;

    #[test]
    fn each_step_is_a_line_that_cannot_act_on_the_terminal() {
        let (a, b) = (path("drive/a\nb"), path("drive/b\u{1b}[2J"));
        for (step, expected) in [
            (Planned::Add { path: &a }, "+ drive/a\\nb"),
            (Planned::Change { path: &a }, "~ drive/a\\nb"),
            (Planned::Move { from: &a, to: &b }, "> drive/a\\nb -> drive/b\\u{1b}[2J"),
            (Planned::Remove { path: &b }, "- drive/b\\u{1b}[2J"),
        ] {
            assert_eq!(line(&Event::Planned(step)).as_deref(), Some(expected));
        }
        let found = Event::Wrong { path: b.as_str(), wrong: Wrong::Missing };
        assert_eq!(line(&found).as_deref(), Some("missing    drive/b\\u{1b}[2J"));
        assert_eq!(line(&Event::Note("something")), None);
    }
}

//! What a command is for, on stdout, line by line as it is found: the steps of a dry
//! run, and what a verification finds. Everything else of the run goes to stderr.

use crate::cli::screen::Screen;
use crate::engine::{Event, Monitor, Planned};
use crate::model::{ArchivePath, printable};

/// Writes results to stdout, above the bars.
pub struct Results(pub Screen);

impl Monitor for Results {
    fn on(&self, event: Event<'_>) {
        if let Some(line) = line(&event) {
            self.0.result(&line);
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
        Event::Wrong { path, wrong } => format!("{:<10} {}", wrong.as_str(), shown(path)),
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
        let found = Event::Wrong { path: &b, wrong: Wrong::Missing };
        assert_eq!(line(&found).as_deref(), Some("missing    drive/b\\u{1b}[2J"));
        assert_eq!(line(&Event::Note("something")), None);
    }
}

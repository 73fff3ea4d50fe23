//! One line for what happens to one file: failures and notes, and with `-v`
//! everything.

use std::sync::Arc;

use crate::cli::human::bytes;
use crate::cli::screen::Lines;
use crate::engine::{Event, Monitor};
use crate::model::printable;

/// Tells of single files.
pub struct Narrator {
    /// Where.
    pub lines: Arc<dyn Lines>,
    /// Whether of saved and moved ones.
    pub files: bool,
    /// Whether of failures, which the summary tells anyway.
    pub failures: bool,
}

impl Monitor for Narrator {
    fn on(&self, event: Event<'_>) {
        let told = match event {
            Event::Moved { .. }
            | Event::Saved { .. }
            | Event::Recognised { .. }
            | Event::Removed { .. }
            | Event::Restored { .. } => self.files,
            Event::Failed { .. } => self.failures || self.files,
            _ => true,
        };
        if let Some(line) = line(&event).filter(|_| told) {
            self.lines.line(&line);
        }
    }
}

/// The line for `event`, safe to show, if it is of one file or is a note.
pub fn line(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Moved { from, to } => {
            format!("> {} -> {}", printable(from.as_str()), printable(to.as_str()))
        }
        Event::Saved { path, size_bytes, replaced } => {
            let sign = if *replaced { '~' } else { '+' };
            format!("{sign} {} ({})", printable(path.as_str()), bytes(*size_bytes))
        }
        Event::Recognised { path, held_by } => {
            format!("= {} is {}", printable(path.as_str()), printable(held_by.as_str()))
        }
        Event::Removed { path, .. } => format!("- {}", printable(path.as_str())),
        Event::Restored { path, size_bytes } => {
            format!("+ {} ({}, from the trash)", printable(path.as_str()), bytes(*size_bytes))
        }
        Event::Failed { path, reason, .. } => {
            format!("not saved: {}: {}", printable(path), printable(reason))
        }
        Event::Note(text) => printable(text).into_owned(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::{Written, path};
    use crate::model::{ItemKey, RemoteId, SourceId};

    #[test]
    fn a_line_for_each_file_cannot_act_on_the_terminal() {
        let written = Arc::new(Written::default());
        let narrator = Narrator { lines: written.clone(), files: true, failures: true };
        let (from, to) = (path("drive/a"), path("drive/b\u{1b}[2J"));
        let key = ItemKey { source: SourceId::Drive, id: RemoteId("1".to_owned()) };
        narrator.on(Event::Moved { from: &from, to: &to });
        narrator.on(Event::Saved { path: &to, size_bytes: 5, replaced: false });
        narrator.on(Event::Saved { path: &from, size_bytes: 1, replaced: true });
        narrator.on(Event::Recognised { path: &from, held_by: &to });
        narrator.on(Event::Failed { key: &key, path: "drive/c", reason: "gone\nfor good" });
        narrator.on(Event::Note("once"));
        assert_eq!(
            written.take(),
            [
                "> drive/a -> drive/b\\u{1b}[2J",
                "+ drive/b\\u{1b}[2J (5 bytes)",
                "~ drive/a (1 byte)",
                "= drive/a is drive/b\\u{1b}[2J",
                "not saved: drive/c: gone\\nfor good",
                "once",
            ]
        );
    }

    #[test]
    fn without_v_only_failures_and_notes_are_told() {
        let written = Arc::new(Written::default());
        let narrator = Narrator { lines: written.clone(), files: false, failures: false };
        narrator.on(Event::Saved { path: &path("a"), size_bytes: 5, replaced: false });
        narrator.on(Event::Note("once"));
        assert_eq!(written.take(), ["once"]);
    }
}

//! How far a run is, added up from its events.

use std::collections::BTreeMap;

use crate::cli::human::{bytes, count, some};
use crate::engine::{Event, Phase};

/// How far a run is.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What it is at.
    pub phase: Option<Phase>,
    /// Items listed, of all sources.
    pub listed: u64,
    /// Files looked at on the disk.
    pub checked: u64,
    /// Files moved.
    pub moved: u64,
    /// Files that went to the trash.
    pub removed: u64,
    /// Files saved.
    pub saved: u64,
    /// Items that could not be saved.
    pub failed: u64,
    /// Bytes fetched.
    pub received: u64,
    /// Albums whose folders are as they should be.
    pub linked: u64,
    /// The files whose bytes are coming, and their lengths where known.
    pub running: BTreeMap<String, Option<u64>>,
}

impl Tally {
    /// Adds `event`.
    pub fn add(&mut self, event: &Event<'_>) {
        match event {
            Event::Phase(phase) => {
                self.phase = Some(*phase);
                self.running.clear();
            }
            Event::Listed { items, .. } => self.listed += items,
            Event::Checked { files } => self.checked += files,
            Event::Moved { .. } => self.moved += 1,
            Event::Started { path, size_bytes } => {
                self.running.insert(path.as_str().to_owned(), *size_bytes);
            }
            Event::Received { bytes } => self.received += bytes,
            Event::Saved { path, .. } => {
                self.running.remove(path.as_str());
                self.saved += 1;
            }
            Event::Failed { path, .. } => {
                self.running.remove(*path);
                self.failed += 1;
            }
            Event::Linked { .. } => self.linked += 1,
            Event::Removed { .. } => self.removed += 1,
            Event::Planned(_) | Event::Wrong { .. } | Event::Restored { .. } | Event::Note(_) => {}
        }
    }

    /// Files that are done with, well or not.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.saved + self.failed
    }

    /// How far the phase is, in words; `None` where there is nothing to count.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        Some(match self.phase? {
            Phase::Listing { .. } => format!("{} listed", some(self.listed, "item")),
            Phase::Checking { files } | Phase::Verifying { files, .. } => {
                format!("{} of {} checked", count(self.checked), some(files, "file"))
            }
            Phase::Moving { files } => {
                format!("{} of {} moved", count(self.moved), some(files, "file"))
            }
            Phase::Removing { files } => {
                format!("{} of {} removed", count(self.removed), some(files, "file"))
            }
            Phase::Fetching { files, .. } => {
                format!("{} of {}", count(self.done()), some(files, "file"))
            }
            Phase::Albums { albums } => {
                format!("{} of {} done", count(self.linked), some(albums, "album"))
            }
            Phase::Planning | Phase::Finishing => return None,
        })
    }

    /// The same with the bytes that came, and while some files are missing those
    /// that were announced. At the end they need not be as many: an unfinished file
    /// goes on where it was, and a document has no length before it is exported.
    #[must_use]
    pub fn words_and_bytes(&self) -> Option<String> {
        let words = self.words()?;
        Some(match self.phase {
            Some(Phase::Fetching { files, .. }) if self.done() >= files => {
                format!("{words}, {} fetched", bytes(self.received))
            }
            Some(Phase::Fetching { bytes: all, .. } | Phase::Verifying { bytes: all, .. }) => {
                let all = bytes(all.max(self.received));
                format!("{words}, {} of {all}", bytes(self.received))
            }
            _ => words,
        })
    }

    /// The largest files whose bytes are coming, at most `most` of them.
    #[must_use]
    pub fn largest(&self, most: usize) -> Vec<(&str, Option<u64>)> {
        let mut running: Vec<_> =
            self.running.iter().map(|(path, size)| (path.as_str(), *size)).collect();
        running.sort_by_key(|(_, size)| std::cmp::Reverse(size.unwrap_or(0)));
        running.truncate(most);
        running
    }
}

/// What a run is at, as the beginning of a line.
#[must_use]
pub fn title(phase: Phase) -> String {
    match phase {
        Phase::Listing { source, everything: true } => {
            format!("Listing everything in {}", super::name(source))
        }
        Phase::Listing { source, .. } => format!("Asking {} what is new", super::name(source)),
        Phase::Checking { .. } => "Checking the files on the disk".to_owned(),
        Phase::Planning => "Planning".to_owned(),
        Phase::Moving { .. } => "Moving".to_owned(),
        Phase::Fetching { .. } => "Fetching".to_owned(),
        Phase::Verifying { .. } => "Verifying".to_owned(),
        Phase::Albums { .. } => "Building the albums".to_owned(),
        Phase::Removing { .. } => "Moving to the trash".to_owned(),
        Phase::Finishing => "Finishing".to_owned(),
    }
}

/// What a run is at and how much there is to do, as a line of its own; `None`
/// where there is nothing to do, as on a first run, which has no files to check.
#[must_use]
pub fn announcement(phase: Phase) -> Option<String> {
    Some(match phase {
        Phase::Checking { files: 0 } => return None,
        Phase::Checking { files } => format!("Checking {} on the disk", some(files, "file")),
        Phase::Moving { files } => format!("Moving {}", some(files, "file")),
        Phase::Verifying { files, bytes: all } => {
            format!("Verifying {}, reading {}", some(files, "file"), bytes(all))
        }
        Phase::Removing { files } => format!("Moving {} to the trash", some(files, "file")),
        // Nothing but documents, whose length is known when they are exported.
        Phase::Fetching { files, bytes: 0 } => format!("Fetching {}", some(files, "file")),
        Phase::Fetching { files, bytes: all } => {
            format!("Fetching {}, {}", some(files, "file"), bytes(all))
        }
        Phase::Albums { albums } => format!("Building {}", some(albums, "album")),
        Phase::Listing { .. } | Phase::Planning | Phase::Finishing => title(phase),
    })
}

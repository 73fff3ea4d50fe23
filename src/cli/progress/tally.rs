//! How far a run is, added up from its events.

use std::collections::{BTreeMap, BTreeSet};

use crate::cli::human::{bytes, count as count_words, some};
use crate::engine::{Event, Phase};

/// How far a run is.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What it is at.
    pub phase: Option<Phase>,
    /// What was done since the run began.
    pub all: Counts,
    /// What was done when this part of the run began: some come more than once.
    before: Counts,
    /// The files whose bytes are coming, and their lengths where known.
    pub running: BTreeMap<String, Option<u64>>,
    /// The files whose bytes have come, and which wait for their names: a few hundred
    /// at most.
    waiting: BTreeSet<String>,
}

/// Numbers of what was done.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Items listed, of all sources.
    pub listed: u64,
    /// Albums whose items were read.
    pub albums_read: u64,
    /// Sidecars of exports that were read.
    pub sidecars_read: u64,
    /// Files looked at on the disk.
    pub checked: u64,
    /// Items looked for among what the archive has.
    pub compared: u64,
    /// Files moved.
    pub moved: u64,
    /// Files that went to the trash.
    pub removed: u64,
    /// Files saved.
    pub saved: u64,
    /// Items that turned out, when they were fetched, to be there.
    pub recognised: u64,
    /// Items that could not be saved.
    pub failed: u64,
    /// Bytes fetched.
    pub received: u64,
    /// Bytes that were there from an earlier run.
    pub resumed: u64,
    /// Albums whose folders are as they should be.
    pub linked: u64,
}

impl Tally {
    /// Adds `event`.
    pub fn add(&mut self, event: &Event<'_>) {
        let all = &mut self.all;
        match event {
            Event::Phase(phase) => {
                self.phase = Some(*phase);
                self.before = self.all;
                self.running.clear();
                self.waiting.clear();
            }
            Event::Listed { items, .. } => all.listed += items,
            Event::AlbumRead => all.albums_read += 1,
            Event::SidecarsRead { sidecars } => all.sidecars_read += sidecars,
            Event::Checked { files } => all.checked += files,
            Event::Compared { items } => all.compared += items,
            Event::Moved { .. } => all.moved += 1,
            Event::Started { path, size_bytes } => {
                self.running.insert(path.as_str().to_owned(), *size_bytes);
            }
            Event::Received { bytes } => all.received += bytes,
            Event::Resumed { bytes } => all.resumed += bytes,
            Event::Fetched { path } => {
                self.running.remove(path.as_str());
                self.waiting.insert(path.as_str().to_owned());
            }
            Event::Saved { path, .. } => {
                self.waiting.remove(path.as_str());
                all.saved += 1;
            }
            Event::Recognised { path, .. } => {
                self.waiting.remove(path.as_str());
                all.recognised += 1;
            }
            Event::Failed { path, .. } => {
                self.running.remove(*path);
                self.waiting.remove(*path);
                all.failed += 1;
            }
            Event::Linked { .. } => all.linked += 1,
            Event::Removed { .. } => all.removed += 1,
            Event::Planned(_)
            | Event::Wrong { .. }
            | Event::Foreign { .. }
            | Event::Restored { .. }
            | Event::Note(_) => {}
        }
    }

    /// Files of this part that are done with, well or not, but for their names.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.part(|of| of.saved + of.recognised + of.failed) + self.waiting.len() as u64
    }

    /// Bytes of this part that need not come any more.
    #[must_use]
    pub fn in_hand(&self) -> u64 {
        self.received() + self.part(|of| of.resumed)
    }

    fn received(&self) -> u64 {
        self.part(|of| of.received)
    }

    /// What was done since this part of the run began.
    fn part(&self, count: impl Fn(&Counts) -> u64) -> u64 {
        count(&self.all) - count(&self.before)
    }

    /// How far the phase is, in words; `None` where there is nothing to count.
    #[must_use]
    pub fn words(&self) -> Option<String> {
        let of = |count: fn(&Counts) -> u64, all, one, done| {
            format!("{} of {} {done}", count_words(self.part(count)), some(all, one))
        };
        Some(match self.phase? {
            Phase::Listing { .. } => format!("{} listed", some(self.part(|it| it.listed), "item")),
            Phase::ReadingExports { .. } => {
                format!("{} found", some(self.part(|it| it.listed), "file"))
            }
            Phase::ReadingSidecars { sidecars } => {
                of(|it| it.sidecars_read, sidecars, "sidecar", "read")
            }
            Phase::ReadingAlbums { albums } => of(|it| it.albums_read, albums, "album", "read"),
            Phase::Checking { files } | Phase::Verifying { files, .. } => {
                of(|it| it.checked, files, "file", "checked")
            }
            Phase::Comparing { items } => of(|it| it.compared, items, "photo", "compared"),
            Phase::Moving { files } => of(|it| it.moved, files, "file", "moved"),
            Phase::Removing { files } => of(|it| it.removed, files, "file", "removed"),
            Phase::Fetching { files, .. } => {
                format!("{} of {}", count_words(self.done()), some(files, "file"))
            }
            Phase::Albums { albums } => of(|it| it.linked, albums, "album", "done"),
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
            Some(Phase::Fetching { files, bytes: all }) if self.done() >= files || all == 0 => {
                format!("{words}, {} fetched", bytes(self.received()))
            }
            Some(
                Phase::Fetching { bytes: all, .. }
                | Phase::Verifying { bytes: all, .. }
                | Phase::ReadingExports { bytes: all @ 1.., .. },
            ) => {
                let all = bytes(all.max(self.in_hand()));
                format!("{words}, {} of {all}", bytes(self.in_hand()))
            }
            _ => words,
        })
    }

    /// The same for who tells of the bytes that were announced elsewhere.
    #[must_use]
    pub fn words_beside_bytes(&self) -> Option<String> {
        match self.phase {
            Some(Phase::Fetching { bytes: 0, .. }) => self.words_and_bytes(),
            _ => self.words(),
        }
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
        Phase::ReadingAlbums { .. } => "Reading the albums".to_owned(),
        Phase::ReadingExports { .. } => "Reading Takeout exports".to_owned(),
        Phase::ReadingSidecars { .. } => "Reading sidecars".to_owned(),
        Phase::Checking { .. } => "Checking the files on the disk".to_owned(),
        Phase::Comparing { .. } => "Comparing photos with what is there".to_owned(),
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
        Phase::ReadingAlbums { albums } => format!("Reading {}", some(albums, "album")),
        Phase::ReadingExports { parts, bytes: 0 } => {
            format!("{}: {}", title(phase), some(parts, "part"))
        }
        Phase::ReadingExports { parts, bytes: all } => {
            format!("{}: {}, {}", title(phase), some(parts, "part"), bytes(all))
        }
        Phase::ReadingSidecars { sidecars } => format!("Reading {}", some(sidecars, "sidecar")),
        Phase::Comparing { items } => {
            format!("Comparing {} with what is there", some(items, "photo"))
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::progress::testing::path;
    use crate::model::SourceId;

    #[test]
    fn a_part_that_comes_twice_counts_from_its_own_beginning() {
        let file = path("drive/a");
        let mut tally = Tally::default();
        let mut told = |event: &Event<'_>| {
            tally.add(event);
            tally.words_and_bytes().unwrap_or_default()
        };
        for (source, items) in [(SourceId::Drive, 100), (SourceId::Photos, 7)] {
            told(&Event::Phase(Phase::Listing { source, everything: true }));
            let listed = told(&Event::Listed { source, items });
            assert_eq!(listed, format!("{items} items listed"));
        }
        let saved = Event::Saved { path: &file, size_bytes: 5, replaced: false };
        told(&Event::Phase(Phase::Fetching { files: 1, bytes: 5 }));
        told(&Event::Received { bytes: 5 });
        for event in [&Event::Fetched { path: &file }, &saved] {
            assert_eq!(told(event), "1 of 1 file, 5 bytes fetched");
        }
        // Photos states no lengths.
        told(&Event::Phase(Phase::Fetching { files: 3, bytes: 0 }));
        told(&Event::Received { bytes: 9 });
        told(&Event::Recognised { path: &file, held_by: &file });
        assert_eq!(told(&saved), "2 of 3 files, 9 bytes fetched");
        assert_eq!((tally.all.saved, tally.all.received), (2, 14));
    }

    #[test]
    fn of_exports_it_is_told_what_is_read_and_what_is_found() {
        let source = SourceId::Takeout;
        let mut tally = Tally::default();
        for (bytes, announced, words) in [
            (0, "Reading Takeout exports: 3 parts", "58 files found"),
            (
                50,
                "Reading Takeout exports: 3 parts, 50 bytes",
                "58 files found, 7 bytes of 50 bytes",
            ),
        ] {
            let phase = Phase::ReadingExports { parts: 3, bytes };
            assert_eq!(announcement(phase).unwrap(), announced);
            tally.add(&Event::Phase(phase));
            tally.add(&Event::Listed { source, items: 58 });
            tally.add(&Event::Received { bytes: 7 });
            assert_eq!(tally.words_and_bytes().unwrap(), words);
        }
        let phase = Phase::ReadingSidecars { sidecars: 1204 };
        assert_eq!(announcement(phase).unwrap(), "Reading 1,204 sidecars");
        tally.add(&Event::Phase(phase));
        tally.add(&Event::SidecarsRead { sidecars: 1024 });
        assert_eq!(tally.words_and_bytes().unwrap(), "1,024 of 1,204 sidecars read");
    }

    #[test]
    fn what_an_earlier_run_fetched_is_done_and_was_not_fetched() {
        let file = path("drive/a");
        let mut tally = Tally::default();
        tally.add(&Event::Phase(Phase::Fetching { files: 1, bytes: 10 }));
        tally.add(&Event::Resumed { bytes: 6 });
        assert_eq!(tally.words_and_bytes().unwrap(), "0 of 1 file, 6 bytes of 10 bytes");
        tally.add(&Event::Received { bytes: 4 });
        tally.add(&Event::Saved { path: &file, size_bytes: 10, replaced: false });
        assert_eq!(tally.words_and_bytes().unwrap(), "1 of 1 file, 4 bytes fetched");
    }
}

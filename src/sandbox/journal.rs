//! The change log: which items changed, in the order of their last change.
//!
//! As Drive's, it tells no history: an item has one entry, its latest, and what
//! is served for it is what it is like when the entry is read
//! (<https://developers.google.com/workspace/drive/api/guides/about-changes>).

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};

/// Where the log of a new world starts.
const FIRST: u64 = 1000;

/// The log of one account, with those of its shared drives.
#[derive(Clone, Debug)]
pub(super) struct Journal {
    entries: BTreeMap<u64, Entry>,
    /// By the log, and what it tells of.
    latest: HashMap<(Option<String>, String), u64>,
    next: u64,
}

/// That something changed.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub subject: Subject,
    pub time: DateTime<Utc>,
    /// The shared drive whose log it is in, if it is not the account's own.
    pub drive: Option<String>,
}

/// What changed.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// An item.
    File(String),
    /// A shared drive: joined, left, renamed.
    Drive(String),
}

impl Default for Journal {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), latest: HashMap::new(), next: FIRST }
    }
}

impl Journal {
    /// Writes `entry`, in place of what the same log had of the same thing before.
    pub fn write(&mut self, entry: Entry) {
        let key = match &entry.subject {
            Subject::File(id) | Subject::Drive(id) => id.clone(),
        };
        if let Some(older) = self.latest.insert((entry.drive.clone(), key), self.next) {
            self.entries.remove(&older);
        }
        self.entries.insert(self.next, entry);
        self.next += 1;
    }

    /// The entries from number `from` on.
    pub fn from(&self, from: u64) -> impl Iterator<Item = (u64, &Entry)> {
        self.entries.range(from..).map(|(number, entry)| (*number, entry))
    }

    /// The number that the next entry will have.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Whether a token with this number can have been given out.
    pub fn knows(&self, number: u64) -> bool {
        (FIRST..=self.next).contains(&number)
    }
}

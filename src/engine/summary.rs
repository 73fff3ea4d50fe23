//! What a run came to.

use std::collections::BTreeMap;

use crate::index::problem::Problem;
use crate::index::run::Tally;
use crate::plan::Why;

/// What a run came to, for the closing words and the exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// What was done, in numbers.
    pub tally: Tally,
    /// What the archive holds of what there is.
    pub coverage: Coverage,
    /// The open problems, the first hundred.
    pub problems: Vec<Problem>,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// Everything that was selected is in the archive.
    #[default]
    Complete,
    /// The run went to its end, and some items could not be saved.
    Incomplete,
    /// The deletion guard refused.
    Refused,
    /// A person stopped it. The next run goes on from there.
    Interrupted,
    /// Something stopped it.
    Failed,
}

impl Outcome {
    /// The word for it in the index (`v_runs.outcome`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::Refused => "refused",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }
}

/// Whether Photos was read, and if not, why not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PhotosRead {
    /// It was left alone by wish.
    #[default]
    NotWanted,
    /// The sign-in is a service account's, and Google lets none read Photos.
    ForPeopleOnly,
    /// It failed; the run's error says why.
    Failed,
    /// It was read, or the index was taken at its word by wish.
    Read,
}

/// What the archive holds of what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The account, as Google names it (an e-mail address).
    pub account: Option<String>,
    /// Files of Drive that are in the archive.
    pub drive_saved: u64,
    /// Their bytes.
    pub drive_saved_bytes: u64,
    /// How many files of Drive were not selected, by the reason.
    pub drive_not_selected: BTreeMap<Why, u64>,
    /// Files that the archive has and Google no longer does.
    pub gone: u64,
    /// Whether Photos was read.
    pub photos: PhotosRead,
    /// How many items Photos shows, as far as is known.
    pub photos_items: u64,
    /// The shared drives, which this version does not back up, by name.
    pub shared_drives: Vec<String>,
}

//! What a run came to.

use std::collections::BTreeMap;

/// What a run came to, for the closing words and the exit code.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// Files that are new in the archive.
    pub added: u64,
    /// Files whose bytes were replaced by newer ones.
    pub changed: u64,
    /// Files that got another path.
    pub moved: u64,
    /// Files that went to the trash because their item is gone.
    pub removed: u64,
    /// Items that could not be saved in this run.
    pub failed: u64,
    /// Bytes fetched.
    pub bytes: u64,
    /// Requests sent to Google.
    pub requests: u64,
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

/// What the archive holds of what there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The account, as Google names it (an e-mail address).
    pub account: Option<String>,
    /// Files of Drive that are in the archive.
    pub drive_saved: u64,
    /// Their bytes.
    pub drive_saved_bytes: u64,
    /// Files of Drive that the options did not select, by what they are
    /// (`documents`, `files`, `shared with you`, ...).
    pub drive_not_selected: BTreeMap<String, u64>,
    /// Files that the archive has and Google no longer does.
    pub gone: u64,
    /// The shared drives, which this version does not back up, by name.
    pub shared_drives: Vec<String>,
}

/// An item that could not be saved, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is or would be in the archive.
    pub path: String,
    /// Why, in words for a person.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
}

//! What a run came to, and what the archive holds of what there is.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::TakeoutCoverage;
use crate::index::coverage::{Held, HeldBySource, Trash};
use crate::index::problem::Problem;
use crate::index::run::Tally;
use crate::index::{self, archive, coverage, item};
use crate::model::SourceId;
use crate::plan::{AlbumMode, Why};

/// What a run came to, for the closing words and the exit code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// Whether nothing was done: then the tally has what would have been.
    pub dry_run: bool,
    /// Whether it fetched what a person picked, which no other run tries again.
    pub pick: bool,
    /// What was done, in numbers.
    pub tally: Tally,
    /// What the archive holds of what there is.
    pub coverage: Coverage,
    /// How albums were to be built, where the archive's file system cannot do that:
    /// their folders are as they were.
    pub albums_unmade: Option<AlbumMode>,
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
    /// Of Google Drive.
    pub drive: SourceCoverage,
    /// Of Google Photos.
    pub photos: SourceCoverage,
    /// Of Google Takeout's exports.
    pub takeout: TakeoutCoverage,
    /// Of what was chosen in Google's Picker.
    pub picker: SourceCoverage,
    /// Of what was in the archive's place before, or was taken over.
    pub adopted: SourceCoverage,
    /// Albums that have a folder in the archive.
    pub albums: u64,
    /// Files that the archive has and Google no longer does.
    pub gone: u64,
    /// What the trash holds.
    pub trash: Trash,
    /// The shared drives, which this version does not back up, by name.
    pub shared_drives: Vec<String>,
}

/// What the archive holds of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceCoverage {
    /// Whether it was ever listed to its end.
    pub listed: bool,
    /// How many items it shows; of Drive this is not counted.
    pub shown: u64,
    /// What the archive has of it.
    pub held: Held,
    /// How many of its files were not selected, by the reason.
    pub not_selected: BTreeMap<Why, u64>,
}

impl Coverage {
    /// Reads it from the index; `held` says how much the archive has of each source.
    ///
    /// # Errors
    ///
    /// [`index::Error`].
    pub fn read(db: &Connection, held: &HeldBySource) -> Result<Self, index::Error> {
        let identity = archive::get(db)?;
        Ok(Self {
            account: identity.account_name,
            drive: SourceCoverage::read(db, SourceId::Drive, held)?,
            photos: SourceCoverage {
                shown: coverage::shown(db, SourceId::Photos)?,
                ..SourceCoverage::read(db, SourceId::Photos, held)?
            },
            takeout: TakeoutCoverage::read(db, SourceCoverage::read(db, SourceId::Takeout, held)?)?,
            picker: SourceCoverage::read(db, SourceId::Picker, held)?,
            adopted: SourceCoverage::read(db, SourceId::Adopted, held)?,
            albums: coverage::albums(db)?,
            gone: coverage::gone(db)?,
            trash: coverage::trash(db)?,
            shared_drives: identity.shared_drives,
        })
    }

    /// How many parts of Takeout exports lie in Drive of which nothing was taken in.
    #[must_use]
    pub fn unread_parts(&self) -> u64 {
        let parts = self.drive.not_selected.get(&Why::TakeoutPart).copied().unwrap_or(0);
        parts.saturating_sub(self.takeout.parts_read)
    }
}

impl SourceCoverage {
    fn read(db: &Connection, source: SourceId, held: &HeldBySource) -> Result<Self, index::Error> {
        let not_selected = item::not_selected(db, source)?.into_iter();
        Ok(Self {
            listed: coverage::listed(db, source)?,
            shown: 0,
            held: held.get(&source).copied().unwrap_or_default(),
            not_selected: not_selected.map(read_reason).collect::<Result<_, _>>()?,
        })
    }
}

/// Reads the index's word for why items are not selected.
fn read_reason((word, items): (String, u64)) -> Result<(Why, u64), index::Error> {
    match Why::parse(&word) {
        Some(why) => Ok((why, items)),
        None => Err(index::Error::Unreadable { what: "a reason not to select", value: word }),
    }
}

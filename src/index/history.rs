//! Rows of `history`: what happened to which path, for good.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, named_params};

use super::{Error, run::RunId, sql};

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is new in the archive.
    Added,
    /// It was already there, and is recorded now.
    Adopted,
    /// Its bytes were replaced; the detail says where the older ones are.
    Changed,
    /// It was moved; the detail says from where.
    Moved,
    /// Someone took it away from the archive.
    Missing,
    /// Someone changed it; the detail says where their version is.
    Edited,
    /// It is an original, and a copy that its source had altered made room for it; the
    /// detail says where the copy is in the trash.
    Altered,
    /// Its item is gone, and so it went to the trash; the detail says where it is there.
    Removed,
    /// It is back from the trash; the detail says where it was there.
    Restored,
    /// A folder of the trash was deleted for good; the detail says how many files it had.
    Purged,
    /// Its item could not be saved; the detail says why.
    Problem,
    /// A problem is gone.
    Solved,
}

impl What {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Adopted => "adopted",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Missing => "missing",
            Self::Edited => "edited",
            Self::Altered => "altered",
            Self::Removed => "removed",
            Self::Restored => "restored",
            Self::Purged => "purged",
            Self::Problem => "problem",
            Self::Solved => "solved",
        }
    }
}

/// In which run, and when.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The run.
    pub run: RunId,
    /// The time.
    pub at: DateTime<Utc>,
}

/// Records what happened to `path`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn add(
    db: &Connection,
    when: Moment,
    what: What,
    path: &str,
    detail: Option<&str>,
) -> Result<(), Error> {
    db.prepare_cached(sql!("history/add"))?.execute(named_params! {
        ":run": when.run.0,
        ":at": when.at.timestamp_millis(),
        ":what": what.as_str(),
        ":path": path,
        ":detail": detail,
    })?;
    Ok(())
}

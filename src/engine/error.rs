//! What can stop a run. What fails for one item alone is counted, not returned.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::{archive, google, index, source};

/// What helps where the disk is full.
const ROOM: &str = "make room on the disk and run again";

/// What stopped a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A source, and with it the whole run.
    #[error(transparent)]
    Source(#[from] source::Error),
    /// The index.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// The disk.
    #[error(transparent)]
    Archive(#[from] archive::Error),
    /// The archive is another account's.
    #[error(
        "this archive is a backup of {archive}, and the sign-in is of {found}: \
         nothing was changed"
    )]
    OtherAccount {
        /// Whose archive it is.
        archive: String,
        /// Who is signed in.
        found: String,
    },
    /// The archive was made with another OAuth client.
    #[error(
        "this archive was made with the OAuth client {archive}, and this run uses {found}: \
         another client is shown other items, so nothing was changed"
    )]
    OtherClient {
        /// The client that made it.
        archive: String,
        /// The client of this run.
        found: String,
    },
    /// There is no such folder in My Drive.
    #[error("--drive-folder: My Drive has no folder '{0}'; nothing in the archive was changed")]
    NoSuchFolder(String),
    /// A folder cannot be taken over.
    #[error("{} cannot be taken over: {why}", folder.display())]
    NotAdoptable {
        /// Which one.
        folder: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// Files cannot have second names in the archive.
    #[error("the files of {} cannot be linked into the archive: {why}", folder.display())]
    Unlinkable {
        /// Where they lie.
        folder: PathBuf,
        /// Why not.
        why: &'static str,
    },
    /// More files would go than a run may remove.
    #[error(
        "{going} of the archive's {files} files are gone at Google, and a run may remove \
         {most} at the most: nothing was removed; what is new was saved"
    )]
    TooManyGone {
        /// How many would go, or are missing without any word of them.
        going: u64,
        /// How many files the archive has.
        files: u64,
        /// How many a run may remove.
        most: u64,
    },
    /// The disk has no room for some files. All that fits was saved.
    #[error("the disk has no room for {files} of the files, which need {needed} more")]
    NoRoom {
        /// How many files were left out.
        files: u64,
        /// How much room they need, in words.
        needed: String,
    },
    /// There was no run of that number.
    #[error("there was no run {0} in this archive")]
    NoSuchRun(i64),
    /// A source has had all the requests that it may be sent in a day.
    #[error(
        "Google Photos: {said}; what is missing is read from {} UTC on, when the day is over in \
         California: the next run then goes on from here",
        until.format("%Y-%m-%d %H:%M")
    )]
    Later {
        /// What is spent.
        said: String,
        /// When there is more.
        until: DateTime<Utc>,
        /// When it was spent.
        now: DateTime<Utc>,
    },
    /// A person chose nothing in the Picker.
    #[error("nothing was chosen in Google's Picker, which waits no longer: its page is closed")]
    NotChosen,
    /// A person stopped the run.
    #[error("stopped; the next run goes on from here")]
    Interrupted,
}

/// What sort of cause stopped a run: what the exit code goes by. Of several the first
/// is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// A person stopped it.
    Interrupted,
    /// The command does not fit the archive.
    Usage,
    /// The index or the disk.
    Disk,
    /// Only a person can mend it at Google.
    SignIn,
    /// Google could not be reached, or refused.
    Google,
    /// The deletion guard.
    Guard,
}

impl Error {
    /// Says what sort of cause it is.
    #[must_use]
    pub fn cause(&self) -> Cause {
        match self {
            Self::Source(source::Error::Google(error)) if error.is_sign_in() => Cause::SignIn,
            Self::NotChosen => Cause::SignIn,
            // Google has had enough for today: that passes by itself, as its other refusals do.
            Self::Source(_) | Self::Later { .. } => Cause::Google,
            Self::Index(_) | Self::Archive(_) | Self::NoRoom { .. } => Cause::Disk,
            Self::OtherAccount { .. }
            | Self::OtherClient { .. }
            | Self::NoSuchFolder(_)
            | Self::NotAdoptable { .. }
            | Self::Unlinkable { .. }
            | Self::NoSuchRun(_) => Cause::Usage,
            Self::TooManyGone { .. } => Cause::Guard,
            Self::Interrupted => Cause::Interrupted,
        }
    }

    /// Says what to do next, if anything is known to help.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OtherAccount { .. } => Some(
                "use another TARGET_DIR for this account, or sign in as the archive's owner \
                 with `gphotos-sync auth login`",
            ),
            Self::OtherClient { .. } => {
                Some("pass the archive's client file with --secret, or use another TARGET_DIR")
            }
            Self::NoSuchFolder(_) => Some(
                "write the folders that lead to it from the top of My Drive, each as it is called \
                 there, with / between them: upper and lower case differ",
            ),
            Self::NotChosen => {
                Some("run it again, choose at the address that it prints, and press Done there")
            }
            Self::NotAdoptable { .. } => Some("name another folder"),
            Self::Unlinkable { .. } => {
                Some("add --copy to have copies of them, or --move to have them moved")
            }
            Self::NoSuchRun(_) => {
                Some("the runs are in the view v_runs of index.db; without RUN, the last is undone")
            }
            Self::TooManyGone { .. } => Some(
                "look at the account in a browser; if these files were really deleted there, run \
                 once with --max-delete N, N being that many or more, or 100%",
            ),
            Self::Source(source::Error::Google(google::Error::Unreachable { .. })) => Some(
                "see whether this machine is on the net and run again; the run goes on from here",
            ),
            Self::NoRoom { .. } => Some(
                "make room on the disk, or move the archive to a larger one as a whole, and run \
                 again: what did fit is saved",
            ),
            Self::Index(error) => hint_of_index(error),
            Self::Archive(error) => hint_of_disk(error),
            _ => None,
        }
    }
}

fn hint_of_disk(error: &archive::Error) -> Option<&'static str> {
    match error {
        archive::Error::NotPlain { wanted: "a folder", .. } => {
            Some("name another TARGET_DIR, or move away what has its name")
        }
        archive::Error::NotPlain { .. } => Some("move away what has its name and run again"),
        error if error.is_full() => Some(ROOM),
        error if error.is_read_only() => Some("mount the file system for writing and run again"),
        error if error.is_denied() => {
            Some("give this user the right to read and write it, and run again")
        }
        _ => None,
    }
}

fn hint_of_index(error: &index::Error) -> Option<&'static str> {
    match error {
        error if error.is_locked() => Some(
            "see which other program works on index.db; on a file system without locks, keep \
             the index on a local disk with --db-path",
        ),
        error if error.is_full() => Some(ROOM),
        error if error.is_unwritable() => Some(
            "mount the file system for writing, or let this user read and write index.db and the \
             folder it is in, and run again",
        ),
        index::Error::Foreign { .. } | index::Error::NotPlain { .. } => {
            Some("move it away, or name another folder for the index with --db-path")
        }
        index::Error::TooNew { .. } => Some(
            "update gphotos-sync; if no newer one ever ran here, the index is damaged: move \
             index.db away and run again, and it is rebuilt",
        ),
        error if error.is_damage() => Some(
            "run with --flush-index: index.db is set aside and rebuilt from the files and the \
             account, and what is on the disk is not fetched again",
        ),
        index::Error::Sqlite(_) | index::Error::Unreadable { .. } => Some(
            "if this comes again, move index.db away and run again: it is rebuilt from the files \
             and the account",
        ),
        _ => None,
    }
}

impl From<google::Error> for Error {
    fn from(error: google::Error) -> Self {
        Self::Source(error.into())
    }
}

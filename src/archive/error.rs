//! Why the disk could not do what was asked.

use std::borrow::Cow;
use std::io;

use rustix::io::Errno;

use crate::model::{ArchivePath, printable};

/// Why the disk could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system refused an operation.
    #[error("could not {operation} {}", printable(path))]
    Io {
        /// What was being done, such as `rename`.
        operation: &'static str,
        /// With what: a path below the root, or the root itself.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Something is at that path already, and nothing is ever overwritten.
    #[error("{} is already there, and nothing is overwritten", printable(.0.as_str()))]
    Occupied(ArchivePath),
    /// A part of the path that should be a folder is a symlink or a file. Symlinks
    /// are never followed, so whoever planted it leads nowhere.
    #[error(
        "{} cannot be reached: {} is not a folder (symlinks are not followed); move it away",
        printable(path),
        printable(by.as_str())
    )]
    Blocked {
        /// What should have been reached.
        path: String,
        /// The part that is in the way.
        by: ArchivePath,
    },
    /// Something else is at the path than the operation is for, such as a folder
    /// where a file should be.
    #[error("{} is not {wanted}", printable(path))]
    NotPlain {
        /// What was looked at.
        path: String,
        /// What it should have been, with its article.
        wanted: &'static str,
    },
    /// A name or a link text that would lead outside the archive.
    #[error("{:?} may not be used for {}: it would lead outside", .text, printable(path))]
    LeadsOut {
        /// The name or the text of the link.
        text: String,
        /// What it was for.
        path: String,
    },
    /// Another run may hold the archive: this file system has no locks, and whether the run
    /// that left its mark is still there cannot be known here.
    #[error(
        "another run holds the archive ({}), as {} says, since this file system has no locks; \
         if it has ended, remove that folder",
        told(by),
        printable(folder.as_str())
    )]
    Unlockable {
        /// What the other run wrote of itself.
        by: String,
        /// The folder that stands for the lock.
        folder: ArchivePath,
    },
    /// Another run holds the archive.
    #[error("another run holds the archive ({}); wait for it to end", told(by))]
    Locked {
        /// What the other run wrote of itself.
        by: String,
    },
}

impl Error {
    pub(super) fn io(
        operation: &'static str,
        path: &(impl ToString + ?Sized),
        source: io::Error,
    ) -> Self {
        Self::Io { operation, path: path.to_string(), source }
    }

    /// The disk or the quota is full: nothing more can be saved before a person makes room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.is_errno(&[Errno::NOSPC, Errno::DQUOT])
    }

    /// The file system takes no changes, perhaps because it found itself damaged.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.is_errno(&[Errno::ROFS])
    }

    /// This user may not do that there.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.is_errno(&[Errno::ACCESS, Errno::PERM])
    }

    /// There is nothing at the path.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.is_errno(&[Errno::NOENT])
    }

    /// The name is longer than the file system allows.
    #[must_use]
    pub fn is_name_too_long(&self) -> bool {
        self.is_errno(&[Errno::NAMETOOLONG])
    }

    /// The file has as many names as the file system allows.
    #[must_use]
    pub fn is_out_of_names(&self) -> bool {
        self.is_errno(&[Errno::MLINK])
    }

    fn is_errno(&self, any: &[Errno]) -> bool {
        matches!(self, Self::Io { source, .. } if is_any(source, any))
    }
}

/// What is known of a run that holds the archive.
fn told(by: &str) -> Cow<'_, str> {
    if by.is_empty() { Cow::Borrowed("it does not say which") } else { printable(by) }
}

/// Says whether the system gave one of these reasons.
pub(super) fn is_any(error: &io::Error, any: &[Errno]) -> bool {
    any.iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

//! An archive that is only looked at: its disk refuses whatever would change it.

use std::fs::{File, TryLockError};
use std::io;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::sync::Arc;

use filetime::FileTime;
use rustix::io::Errno;

use super::disk::{At, Disk};
use super::{Archive, Error};

/// A disk that changes nothing.
#[derive(Debug)]
struct ReadOnly;

impl Archive {
    /// Opens the archive at `root` for looking only: whatever would change something
    /// there fails as on a file system that takes no changes. Where there is no such
    /// folder, the archive is an empty one, and none is made.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if it is not a folder, or cannot be opened.
    pub fn read_only(root: &Path) -> Result<Self, Error> {
        match Self::open_with(root, Arc::new(ReadOnly)) {
            Err(error) if error.is_missing() => Self::nowhere(root),
            opened => opened,
        }
    }

    /// An empty archive that is said to be at `root`: a folder that has no name any
    /// more has nothing in it, and nothing can be made in it.
    fn nowhere(root: &Path) -> Result<Self, Error> {
        let failed = |error| Error::io("imagine", &root.display(), error);
        let folder = tempfile::tempdir().map_err(failed)?;
        let archive = Self::open_folder(folder.path(), root, Arc::new(ReadOnly))?;
        folder.close().map_err(failed)?;
        Ok(archive)
    }
}

fn refused<T>() -> io::Result<T> {
    Err(Errno::ROFS.into())
}

impl Disk for ReadOnly {
    fn create(&self, _: At<'_>) -> io::Result<File> {
        refused()
    }

    fn write(&self, _: &File, _: &[u8], _: u64) -> io::Result<()> {
        refused()
    }

    fn truncate(&self, _: &File, _: u64) -> io::Result<()> {
        refused()
    }

    fn reserve(&self, _: &File, _: u64) -> io::Result<()> {
        refused()
    }

    fn set_file_time(&self, _: &File, _: FileTime) -> io::Result<()> {
        refused()
    }

    fn set_time(&self, _: At<'_>, _: FileTime) -> io::Result<()> {
        refused()
    }

    fn sync(&self, _: BorrowedFd<'_>) -> io::Result<()> {
        refused()
    }

    fn sync_all(&self, _: BorrowedFd<'_>) -> io::Result<()> {
        refused()
    }

    fn lock(&self, _: &File) -> Result<(), TryLockError> {
        refused().map_err(TryLockError::Error)
    }

    fn make_folder(&self, _: At<'_>, _: bool) -> io::Result<()> {
        refused()
    }

    fn link(&self, _: At<'_>, _: At<'_>) -> io::Result<()> {
        refused()
    }

    fn reflink(&self, _: &File, _: &File) -> io::Result<()> {
        refused()
    }

    fn rename(&self, _: At<'_>, _: At<'_>) -> io::Result<()> {
        refused()
    }

    fn rename_new(&self, _: At<'_>, _: At<'_>) -> io::Result<()> {
        refused()
    }

    fn symlink(&self, _: &str, _: At<'_>) -> io::Result<()> {
        refused()
    }

    fn unlink(&self, _: At<'_>) -> io::Result<()> {
        refused()
    }

    fn remove_folder(&self, _: At<'_>) -> io::Result<()> {
        refused()
    }
}

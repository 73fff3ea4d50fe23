//! The lock that keeps a second run out of an archive.

use std::fs::{File, TryLockError};
use std::io::Read as _;

use super::{Archive, Error, links, state_path};
use crate::model::ArchivePath;

/// Of what the other run wrote of itself, so much is told.
const TEXT_BYTES_MAX: u64 = 1024;

/// Holds an archive until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    _files: [Option<File>; 2],
}

impl Archive {
    /// Takes the archive for this run, and writes `info` for others to read: who
    /// holds it, and since when. A file that a dead run left is just taken.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another run holds it; [`Error::Blocked`]; [`Error::Io`].
    pub fn lock(&self, info: &str) -> Result<Lock, Error> {
        let path = state_path(&["lock"])?;
        let spot = self.reach(&path)?;
        let mut file = self.locked(self.open_own(&spot, &path)?, &path)?;
        let mut other = None;
        if links(&file, &path)? > 1 {
            // What is written here would be written there, too, wherever that is. Who
            // has opened it already is kept out by the lock on it, which is held further.
            let alone = self.open_alone(&spot, &path)?;
            other = Some(std::mem::replace(&mut file, self.locked(alone, &path)?));
        }
        let written = self.disk().truncate(&file, 0);
        let written = written.and_then(|()| self.disk().write(&file, info.as_bytes(), 0));
        written.map_err(|error| Error::io("write", &path, error))?;
        Ok(Lock { _files: [Some(file), other] })
    }

    /// Says who holds the archive now, in their own words; `None` if nobody does.
    /// Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`]; [`Error::NotPlain`]; [`Error::Io`].
    pub fn holder(&self) -> Result<Option<String>, Error> {
        let path = state_path(&["lock"])?;
        let mut file = match self.open_file(&path) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        match file.try_lock_shared() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => Ok(Some(told_by_holder(&mut file))),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", &path, error)),
        }
    }

    /// Takes the lock on an open file.
    fn locked(&self, mut file: File, path: &ArchivePath) -> Result<File, Error> {
        match self.disk().lock(&file) {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { by: told_by_holder(&mut file) }),
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path, error)),
        }
    }
}

/// What the holder wrote of itself. What cannot be read is not told; that it is locked
/// matters.
fn told_by_holder(file: &mut File) -> String {
    let mut by = Vec::new();
    drop(file.by_ref().take(TEXT_BYTES_MAX).read_to_end(&mut by));
    String::from_utf8_lossy(&by).trim().to_owned()
}

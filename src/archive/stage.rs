//! Unfinished downloads, in `.gphotos-sync/partial`.
//!
//! A download that was cut is gone on with later: its bytes so far stay under a
//! name made of what it is. Whether they are right is for whoever hashes them.

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;

use chrono::{DateTime, Utc};
use sha2::Digest as _;

use super::{Archive, Error, STATE, Sort, file_time, state_path};
use crate::model::{ArchivePath, Sha256};

const PARTIAL: &str = "partial";

/// The name of an unfinished download: a hash of what it is, so that any text may
/// name one, and two that differ in case only are two on every file system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialName(String);

impl PartialName {
    /// The name for the bytes that `text` tells apart from all others, such as an
    /// item's key and revision.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut name = Sha256(sha2::Sha256::digest(text).into()).to_string();
        name.truncate(40);
        Self(name)
    }

    /// Where it lies.
    ///
    /// # Errors
    ///
    /// None that a name could cause.
    pub fn path(&self) -> Result<ArchivePath, Error> {
        state_path(&[PARTIAL, &self.0])
    }

    /// Says whether a path is one of theirs.
    #[must_use]
    pub fn is_of(path: &ArchivePath) -> bool {
        let mut parts = path.parts();
        parts.next() == Some(STATE) && parts.next() == Some(PARTIAL)
    }
}

/// An unfinished download that is being written. Dropping it keeps its bytes.
#[derive(Debug)]
pub struct Staged {
    archive: Archive,
    name: PartialName,
    path: ArchivePath,
    file: File,
    len: u64,
    reserved: bool,
}

/// An unfinished download that is to be made durable as far as it is written.
#[derive(Debug)]
pub struct Syncing {
    archive: Archive,
    path: ArchivePath,
    file: File,
}

impl Syncing {
    /// Makes it durable.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]. The system says so once: what was written before is not to be trusted.
    pub fn sync(&self) -> Result<(), Error> {
        let synced = self.archive.disk().sync(self.file.as_fd());
        synced.map_err(|error| Error::io("make durable", &self.path, error))
    }
}

/// A finished download that has no place yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    pub(super) name: PartialName,
    pub(super) len: u64,
}

impl Archive {
    /// Opens the unfinished download of that name, or begins it.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], see [`Error::is_full`]; [`Error::Blocked`] if the folder, and
    /// [`Error::NotPlain`] if the file itself is something else.
    pub fn stage(&self, name: &PartialName) -> Result<Staged, Error> {
        let path = name.path()?;
        let spot = self.reach(&path)?;
        // After a crash between link and unlink the bytes have their place already, and
        // must not change under it.
        let file = self.open_alone(&spot, &path)?;
        let meta = file.metadata().map_err(|error| Error::io("look at", &path, error))?;
        let (archive, name, len) = (self.clone(), name.clone(), meta.len());
        Ok(Staged { archive, name, path, file, len, reserved: false })
    }

    /// Stages `bytes` whole, in place of what was staged under that name.
    ///
    /// # Errors
    ///
    /// As [`Archive::stage`].
    pub fn stage_bytes(
        &self,
        name: &PartialName,
        bytes: &[u8],
        mtime: Option<DateTime<Utc>>,
    ) -> Result<Ready, Error> {
        let mut staged = self.stage(name)?;
        staged.restart()?;
        staged.write(bytes)?;
        staged.finish(mtime)
    }

    /// Removes a finished download that needs no place.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn discard(&self, ready: &Ready) -> Result<(), Error> {
        self.remove_partial(&ready.name)
    }

    /// Removes the unfinished download of that name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn forget_partial(&self, name: &PartialName) -> Result<(), Error> {
        self.remove_partial(name)
    }

    fn remove_partial(&self, name: &PartialName) -> Result<(), Error> {
        let path = name.path()?;
        let spot = self.existing(&path, "remove")?;
        let removed = self.disk().unlink(spot.at());
        removed.map_err(|error| Error::io("remove", &path, error))
    }

    /// How many bytes there are of the unfinished download of that name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn staged_bytes(&self, name: &PartialName) -> Result<u64, Error> {
        Ok(self.look(&name.path()?)?.map_or(0, |seen| seen.size_bytes))
    }

    /// The names of all unfinished downloads.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn partials(&self) -> Result<HashSet<PartialName>, Error> {
        let names = self.names_in(&state_path(&[PARTIAL])?)?;
        Ok(names.into_iter().map(PartialName).collect())
    }

    /// How many bytes there are of all unfinished downloads.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn partial_bytes(&self) -> Result<u64, Error> {
        let names = self.names_in(&state_path(&[PARTIAL])?)?;
        names.into_iter().map(|name| self.staged_bytes(&PartialName(name))).sum()
    }

    /// Removes the unfinished downloads that `keep` does not want, and says how many. What
    /// else lies there, such as the folders in which some NAS keep their thumbnails, stays.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn forget_partials(&self, keep: impl Fn(&PartialName) -> bool) -> Result<usize, Error> {
        let folder = state_path(&[PARTIAL])?;
        let mut forgotten = 0;
        for name in self.names_in(&folder)? {
            let name = PartialName(name);
            let seen = self.look(&name.path()?)?;
            if seen.is_some_and(|seen| seen.sort != Sort::Folder) && !keep(&name) {
                self.remove_partial(&name)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }
}

impl Staged {
    /// How many bytes are there.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an empty one is not special to anybody")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Adds `bytes` at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], see [`Error::is_full`]. What was written before stays.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let written = self.archive.disk().write(&self.file, bytes, self.len);
        written.map_err(|error| Error::io("write", &self.path, error))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Throws away what is there, to begin anew.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn restart(&mut self) -> Result<(), Error> {
        self.cut(0)
    }

    /// Where it lies, for messages.
    #[must_use]
    pub const fn path(&self) -> &ArchivePath {
        &self.path
    }

    /// What makes durable what is written so far, beside writing more.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there are too many open files.
    pub fn syncing(&self) -> Result<Syncing, Error> {
        let file = self.file.try_clone().map_err(|error| Error::io("open", &self.path, error))?;
        Ok(Syncing { archive: self.archive.clone(), path: self.path.clone(), file })
    }

    /// Opens what is there for reading, from its first byte, apart from writing.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn reader(&self) -> Result<File, Error> {
        self.archive.open_file(&self.path)
    }

    /// Reserves room for `len` bytes, so that a full disk shows at once. Length and
    /// content stay as they are. Where a file system cannot, nothing happens.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if there is no such room: [`Error::is_full`].
    pub fn preallocate(&mut self, len: u64) -> Result<(), Error> {
        if len <= self.len {
            return Ok(());
        }
        self.reserved = true;
        let Err(error) = self.archive.disk().reserve(&self.file, len) else { return Ok(()) };
        let error = Error::io("make room for", &self.path, error);
        if error.is_full() {
            // Some file systems keep what they could reserve before they were full.
            self.cut(self.len)?;
            return Err(error);
        }
        Ok(())
    }

    /// Ends writing and sets the time of the last modification, if one is given.
    /// The bytes are durable only when they are placed.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn finish(mut self, mtime: Option<DateTime<Utc>>) -> Result<Ready, Error> {
        if self.reserved {
            // Gives back what was reserved beyond the end.
            self.cut(self.len)?;
        }
        if let Some(time) = mtime {
            let set = self.archive.disk().set_file_time(&self.file, file_time(time));
            set.map_err(|error| Error::io("set the time of", &self.path, error))?;
        }
        Ok(Ready { name: self.name, len: self.len })
    }

    /// Makes it share the blocks of `source`, all of them.
    pub(super) fn share(&mut self, source: &File, len: u64) -> io::Result<()> {
        self.archive.disk().reflink(&self.file, source)?;
        self.len = len;
        Ok(())
    }

    fn cut(&mut self, len: u64) -> Result<(), Error> {
        let cut = self.archive.disk().truncate(&self.file, len);
        cut.map_err(|error| Error::io("cut", &self.path, error))?;
        self.len = len;
        Ok(())
    }
}

impl Ready {
    /// Its length in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.len
    }
}

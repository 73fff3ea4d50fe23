//! A second file for bytes that the archive holds already: other names, copies that
//! share the disk's blocks, and whole copies.
//!
//! What a disk can do of this is asked first ([`Archive::can`]). Copies are staged
//! and get their names like downloads ([`Archive::place`]). Whether a file may be
//! removed is for the caller to know.

use std::fs::File;
use std::io::{self, Read as _};

use rustix::io::Errno;

use super::moves::{NO_LINK, Same, same};
use super::{Archive, Error, PartialName, Ready, Seen, Sort, is_any, stat, state_path};
use crate::model::ArchivePath;

/// How much is read at a time.
const READ_BYTES: usize = 256 * 1024;

/// What not every file system can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// Hold symlinks.
    Symlink,
    /// Give a file a second name.
    HardLink,
    /// Let two files share their blocks until one of them is changed.
    Reflink,
}

/// How a copy is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copying {
    /// Byte by byte.
    Bytes,
    /// By sharing the disk's blocks.
    Reflink,
}

/// The answers of file systems that have no symlinks.
const NO_SYMLINK: &[Errno] =
    &[Errno::PERM, Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];

/// The answers of file systems whose files share no blocks.
const NO_REFLINK: &[Errno] =
    &[Errno::NOTSUP, Errno::OPNOTSUPP, Errno::NOTTY, Errno::NOSYS, Errno::INVAL, Errno::XDEV];

impl Archive {
    /// Says whether the archive's file system has that ability, by trying it among
    /// the program's own files.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if it could not be tried; [`Error::Blocked`].
    pub fn can(&self, ability: Ability) -> Result<bool, Error> {
        let trial = PartialName::of("trial");
        let (answer, lacking) = match ability {
            Ability::Symlink => (self.try_symlink(), NO_SYMLINK),
            Ability::HardLink => (self.try_hard_link(&trial), NO_LINK),
            Ability::Reflink => (self.try_reflink(&trial), NO_REFLINK),
        };
        match answer {
            Ok(()) => Ok(true),
            Err(Error::Io { source, .. })
                if is_any(&source, lacking) || source.kind() == io::ErrorKind::Unsupported =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn try_symlink(&self) -> Result<(), Error> {
        let path = state_path(&["partial", "trial-link"])?;
        let draft = self.draft_link(&path, "trial", None)?;
        self.disk().unlink(draft.at()).map_err(|error| Error::io("remove", &path, error))
    }

    fn try_hard_link(&self, trial: &PartialName) -> Result<(), Error> {
        let from = trial.path()?;
        let to = PartialName::of("trial, too").path()?;
        // Of a trial that was killed.
        self.remove_file(&to)?;
        drop(self.stage_bytes(trial, b"trial", None)?);
        let linked = self.hard_link(&from, &to);
        self.remove_file(&to)?;
        self.remove_file(&from)?;
        linked
    }

    fn try_reflink(&self, trial: &PartialName) -> Result<(), Error> {
        let from = trial.path()?;
        let copy = PartialName::of("trial, too");
        drop(self.stage_bytes(trial, b"trial", None)?);
        let shared = self.stage_copy(&from, &copy, Copying::Reflink);
        self.remove_file(&copy.path()?)?;
        self.remove_file(&from)?;
        shared.map(drop)
    }

    /// Gives the file at `from` the name `to` too, which must be free, making the
    /// folders above it. Nothing happens if it is that file's name already.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`]; [`Error::NotPlain`] if `from` is no file;
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn hard_link(&self, from: &ArchivePath, to: &ArchivePath) -> Result<(), Error> {
        drop(self.open_file(from)?);
        let source = self.existing(from, "link")?;
        let target = self.reach(to)?;
        let failed = |error| Error::io("link", to, error);
        match self.disk().link(source.at(), target.at()) {
            Err(error) if is_any(&error, &[Errno::EXIST]) => {
                match same(&source, &target).map_err(failed)? {
                    Same::Not => Err(Error::Occupied(to.clone())),
                    Same::SecondName | Same::CaseVariant => Ok(()),
                }
            }
            other => other.map_err(failed),
        }
    }

    /// Says whether two names are of one file. No if either is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn is_same_file(&self, one: &ArchivePath, other: &ArchivePath) -> Result<bool, Error> {
        let (Some(a), Some(b)) = (self.spot(one)?, self.spot(other)?) else { return Ok(false) };
        let found = same(&a, &b).map_err(|error| Error::io("look at", one, error))?;
        Ok(found != Same::Not)
    }

    /// Stages a copy of the file at `path` under `name`, with that file's own time.
    ///
    /// # Errors
    ///
    /// As [`Archive::open_file`] and [`Archive::stage`]; [`Error::Io`] if the disk
    /// cannot copy in that way ([`Archive::can`]), or is full.
    pub fn stage_copy(
        &self,
        path: &ArchivePath,
        name: &PartialName,
        how: Copying,
    ) -> Result<Ready, Error> {
        let mut source = self.open_file(path)?;
        let failed = |error| Error::io("copy", path, error);
        let meta = source.metadata().map_err(failed)?;
        let mut staged = self.stage(name)?;
        staged.restart()?;
        match how {
            Copying::Reflink => staged.share(&source, meta.len()).map_err(failed)?,
            Copying::Bytes => pour(&mut source, path, &mut |bytes| staged.write(bytes))?,
        }
        staged.finish(Some(meta.modified().map_err(failed)?.into()))
    }

    /// Removes the file at `path` for good, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is something else; [`Error::Blocked`]; [`Error::Io`].
    pub fn remove_file(&self, path: &ArchivePath) -> Result<(), Error> {
        let Some(spot) = self.spot(path)? else { return Ok(()) };
        let failed = |error| Error::io("remove", path, error);
        match stat(spot.at()).map_err(failed)?.as_ref().map(Seen::from_stat) {
            None => Ok(()),
            Some(Seen { sort: Sort::File, .. }) => self.disk().unlink(spot.at()).map_err(failed),
            Some(_) => Err(Error::NotPlain { path: path.to_string(), wanted: "a file" }),
        }
    }
}

/// Hands all of `source`, which is the file at `path`, to `write`, part by part.
pub(super) fn pour(
    source: &mut File,
    path: &ArchivePath,
    write: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut buffer = vec![0; READ_BYTES];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => write(&buffer[..n])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Error::io("copy", path, error)),
        }
    }
}

//! Files that lie outside the archive and come into it: by a second name, which costs no
//! room, or as copies.
//!
//! They are staged as if they had been fetched, and get their names like downloads
//! ([`Archive::place`]). Nothing is taken away here where they lay.

use std::fs::File;

use chrono::{DateTime, Utc};
use rustix::fs::Stat;
use rustix::io::Errno;

use super::copies::pour;
use super::disk::Spot;
use super::moves::NO_LINK;
use super::{Archive, Error, PartialName, Ready, Sort, file_time, is_any, stat};
use crate::model::ArchivePath;

/// What a name outside the archive is beside one in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinship {
    /// That of another file, or of none.
    None,
    /// Another name of the same file.
    SecondName,
    /// The same name, which is reached by another way, such as a bind mount.
    Itself,
}

impl Archive {
    /// Says whether the files of `other` may have second names here, as far as that can be
    /// known before it is tried: both lie on one file system.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn shares_disk_with(&self, other: &Self) -> Result<bool, Error> {
        let device = |archive: &Self| {
            let stat = rustix::fs::fstat(archive.handle());
            let shown = archive.root().display();
            stat.map(|stat| stat.st_dev).map_err(|errno| Error::io("look at", &shown, errno.into()))
        };
        Ok(device(self)? == device(other)?)
    }

    /// Stages the file at `path` of `other` under `name`, by a second name. `None` if that
    /// cannot be: it lies on another file system, or on one without second names, or belongs
    /// to somebody else.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is no file; [`Error::Blocked`]; [`Error::Io`].
    pub fn stage_linked(
        &self,
        other: &Self,
        path: &ArchivePath,
        name: PartialName,
    ) -> Result<Option<Ready>, Error> {
        drop(other.open_file(path)?);
        let from = other.existing(path, "link")?;
        let to_path = name.path()?;
        let to = self.reach(&to_path)?;
        let failed = |error| Error::io("link", path, error);
        if stat(to.at()).map_err(failed)?.is_some() {
            self.disk().unlink(to.at()).map_err(failed)?;
        }
        match self.disk().link(from.at(), to.at()) {
            Ok(()) => {}
            Err(error) if is_any(&error, NO_LINK) || is_any(&error, &[Errno::XDEV]) => {
                return Ok(None);
            }
            Err(error) => return Err(failed(error)),
        }
        match self.look(&to_path)? {
            Some(seen) if seen.sort == Sort::File => Ok(Some(Ready { name, len: seen.size_bytes })),
            _ => Err(Error::NotPlain { path: path.to_string(), wanted: "a file" }),
        }
    }

    /// Stages a copy of the file at `path` of `other` under `name`, with that time. The copy
    /// shares the disk's blocks where the disk can do that.
    ///
    /// # Errors
    ///
    /// As [`Archive::stage`] and [`Archive::open_file`].
    pub fn stage_foreign(
        &self,
        other: &Self,
        path: &ArchivePath,
        name: &PartialName,
        mtime: Option<DateTime<Utc>>,
    ) -> Result<Ready, Error> {
        let mut source: File = other.open_file(path)?;
        let meta = source.metadata().map_err(|error| Error::io("copy", path, error))?;
        let mut staged = self.stage(name)?;
        staged.restart()?;
        if staged.share(&source, meta.len()).is_err() {
            staged.restart()?;
            pour(&mut source, path, &mut |bytes| staged.write(bytes))?;
        }
        staged.finish(mtime)
    }

    /// Sets the time of what is staged.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn set_staged_mtime(&self, ready: &Ready, time: DateTime<Utc>) -> Result<(), Error> {
        let path = ready.name.path()?;
        let spot = self.existing(&path, "set the time of")?;
        let set = self.disk().set_time(spot.at(), file_time(time));
        set.map_err(|error| Error::io("set the time of", &path, error))
    }

    /// Says what a name of `other` is beside one here.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn kinship(
        &self,
        path: &ArchivePath,
        (other, its): (&Self, &ArchivePath),
    ) -> Result<Kinship, Error> {
        let (Some(a), Some(b)) = (self.spot(path)?, other.spot(its)?) else {
            return Ok(Kinship::None);
        };
        let failed = |error| Error::io("look at", path, error);
        let (one, two) = (stat(a.at()).map_err(failed)?, stat(b.at()).map_err(failed)?);
        let (Some(one), Some(two)) = (one, two) else { return Ok(Kinship::None) };
        let identity = |stat: &Stat| (stat.st_dev, stat.st_ino);
        if identity(&one) != identity(&two) {
            return Ok(Kinship::None);
        }
        let folder =
            |spot: &Spot| rustix::fs::fstat(&spot.folder).map_err(|errno| failed(errno.into()));
        let is_one_folder = identity(&folder(&a)?) == identity(&folder(&b)?);
        let is_one_name = a.name.to_lowercase() == b.name.to_lowercase();
        let is_itself = one.st_nlink < 2 || is_one_folder && is_one_name;
        Ok(if is_itself { Kinship::Itself } else { Kinship::SecondName })
    }
}

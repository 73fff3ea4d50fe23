//! The disk: everything beneath the archive's root directory.
//!
//! Every path is reached beneath one handle of the root, and no symlink is ever
//! followed: a folder that somebody replaced by a symlink makes the operation
//! fail ([`Error::Blocked`]) and leads nowhere. Nothing here overwrites a file:
//! an older file goes to the trash first, and any other name must be free.
//!
//! It knows no index and no plan, decides no name and verifies no checksum. All
//! functions block; the engine calls them where blocking is allowed. Of two runs
//! only the one that holds [`Archive::lock`] may use what changes anything.

mod beneath;
mod copies;
mod disk;
mod error;
#[cfg(debug_assertions)]
mod faulty;
mod foreign;
mod holder;
mod links;
mod lock;
mod moves;
mod own;
mod place;
mod probe;
mod read_only;
mod reread;
mod seen;
mod stage;
mod state;
#[cfg(test)]
mod tests;
mod trash;
mod walk;

use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use filetime::FileTime;
use rustix::fs::{Dir, Mode, OFlags};
use rustix::io::Errno;

pub use self::copies::{Ability, Copying};
use self::disk::{At, Disk, Spot};
pub use self::error::Error;
use self::error::is_any;
#[cfg(debug_assertions)]
pub use self::faulty::{BadOrders, Faults};
pub use self::foreign::Kinship;
pub use self::holder::host_name;
pub use self::lock::Lock;
pub use self::place::{Placed, Placing};
pub use self::probe::{Abilities, Space};
use self::seen::stat;
pub use self::seen::{Seen, Sort};
pub use self::stage::{PartialName, Ready, Staged, Syncing};
pub use self::state::StateDraft;
pub use self::walk::Entry;
use crate::model::ArchivePath;

/// The folder of the program's own files, in the archive's root.
const STATE: &str = ".gphotos-sync";

/// How often a file that somebody gives a second name at this moment is made anew.
const ATTEMPTS: usize = 8;

/// What a file must be that is written to.
const ALONE: &str = "a file with one name only";

/// From how many files on a whole file system is synced rather than each file.
const FEW: usize = 4;

/// The disk beneath an archive's root. Clones share one handle.
#[derive(Clone, Debug)]
pub struct Archive {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    handle: OwnedFd,
    path: PathBuf,
    disk: Arc<dyn Disk>,
}

impl Archive {
    /// Opens the archive at `root`, which must exist. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if it is not there or not a folder.
    pub fn open(root: &Path) -> Result<Self, Error> {
        Self::open_with(root, Arc::new(disk::System))
    }

    fn open_with(root: &Path, disk: Arc<dyn Disk>) -> Result<Self, Error> {
        Self::open_folder(root, root, disk)
    }

    /// Opens `folder` as the archive that is said to be at `root`.
    fn open_folder(folder: &Path, root: &Path, disk: Arc<dyn Disk>) -> Result<Self, Error> {
        // The person names the root: symlinks on the way to it are theirs to use.
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let handle = rustix::fs::open(folder, flags, Mode::empty())
            .map_err(|errno| Error::io("open", &root.display(), errno.into()))?;
        Ok(Self { inner: Arc::new(Inner { handle, path: root.to_owned(), disk }) })
    }

    /// Opens the archive at `root`, making it and its state folder if need be.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`] if something else has the state folder's name.
    pub fn create(root: &Path) -> Result<Self, Error> {
        Self::create_with(root, Self::open)
    }

    fn create_with(
        root: &Path,
        open: impl FnOnce(&Path) -> Result<Self, Error>,
    ) -> Result<Self, Error> {
        std::fs::create_dir_all(root).map_err(|error| match error.kind() {
            // A file has the name, or a symlink that leads nowhere.
            io::ErrorKind::AlreadyExists => {
                Error::NotPlain { path: root.display().to_string(), wanted: "a folder" }
            }
            _ => Error::io("make the folder", &root.display(), error),
        })?;
        let archive = open(root)?;
        for folder in ["partial", "trash"] {
            drop(archive.make_folder(&state_path(&[folder])?)?);
        }
        Ok(archive)
    }

    /// Where the archive is, for messages and for the index, which SQLite opens itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.inner.path
    }

    /// Returns what is at `path`; `None` if there is nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`] if it lies below a symlink or a file; [`Error::Io`].
    pub fn look(&self, path: &ArchivePath) -> Result<Option<Seen>, Error> {
        let Some(spot) = self.spot(path)? else { return Ok(None) };
        let stat = stat(spot.at()).map_err(|error| Error::io("look at", path, error))?;
        Ok(stat.as_ref().map(Seen::from_stat))
    }

    /// As [`Self::look`], at many paths. Of those that follow one another in one
    /// folder the folder is reached once.
    pub fn look_all<'a>(
        &self,
        paths: impl IntoIterator<Item = &'a ArchivePath>,
    ) -> Vec<Result<Option<Seen>, Error>> {
        let mut last: Option<(ArchivePath, OwnedFd)> = None;
        let mut look = |path: &ArchivePath| {
            let Some(folder) = path.parent() else { return self.look(path) };
            if last.as_ref().is_none_or(|(reached, _)| *reached != folder) {
                last = beneath::folder(self.handle(), Some(&folder))?.map(|fd| (folder, fd));
            }
            let Some((_, handle)) = &last else { return Ok(None) };
            let at = At { folder: handle.as_fd(), name: path.name() };
            let stat = stat(at).map_err(|error| Error::io("look at", path, error))?;
            Ok(stat.as_ref().map(Seen::from_stat))
        };
        paths.into_iter().map(&mut look).collect()
    }

    /// Opens the file at `path` for reading.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is not a regular file; [`Error::Blocked`]; [`Error::Io`].
    pub fn open_file(&self, path: &ArchivePath) -> Result<File, Error> {
        let spot = self.existing(path, "open")?;
        // Without NONBLOCK a planted pipe would wait for its writer for ever.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let not_plain = || Error::NotPlain { path: path.to_string(), wanted: "a file" };
        let file = match rustix::fs::openat(&spot.folder, &spot.name, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::LOOP | Errno::MLINK | Errno::NXIO) => return Err(not_plain()),
            Err(errno) => return Err(Error::io("open", path, errno.into())),
        };
        let meta = file.metadata().map_err(|error| Error::io("look at", path, error))?;
        if meta.is_file() { Ok(file) } else { Err(not_plain()) }
    }

    /// Sets when the thing at `path` was last modified; a symlink's own time, if it is one.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], also if there is nothing; [`Error::Blocked`].
    pub fn set_mtime(&self, path: &ArchivePath, time: DateTime<Utc>) -> Result<(), Error> {
        let spot = self.existing(path, "set the time of")?;
        self.disk()
            .set_time(spot.at(), file_time(time))
            .map_err(|error| Error::io("set the time of", path, error))
    }

    /// Makes durable what happened to the names at `paths`, together with the
    /// folders that were made for them. Names that are gone by now count as well, and
    /// so do those below a folder whose own name something else has taken.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn make_durable(&self, paths: &[ArchivePath]) -> Result<(), Error> {
        if paths.len() > FEW && self.disk().sync_all(self.handle()).is_ok() {
            return Ok(());
        }
        let mut done = HashSet::new();
        paths.iter().try_for_each(|path| self.sync_folders_of(path, &mut done))
    }

    fn disk(&self) -> &dyn Disk {
        self.inner.disk.as_ref()
    }

    fn handle(&self) -> BorrowedFd<'_> {
        self.inner.handle.as_fd()
    }

    /// Reaches `path`'s folder; `None` if it is missing.
    fn spot(&self, path: &ArchivePath) -> Result<Option<Spot>, Error> {
        let folder = beneath::folder(self.handle(), path.parent().as_ref())?;
        let folder = folder.map(Arc::new);
        Ok(folder.map(|folder| Spot { folder, name: path.name().to_owned() }))
    }

    /// Reaches `path`'s folder, which must be there.
    fn existing(&self, path: &ArchivePath, operation: &'static str) -> Result<Spot, Error> {
        self.spot(path)?.ok_or_else(|| Error::io(operation, path, Errno::NOENT.into()))
    }

    /// Reaches `path`'s folder, making it if need be.
    fn reach(&self, path: &ArchivePath) -> Result<Spot, Error> {
        let folder = Arc::new(self.reach_folder(path.parent().as_ref())?);
        Ok(Spot { folder, name: path.name().to_owned() })
    }

    /// Opens the folder `path`, making it if need be, or the root for `None`.
    fn reach_folder(&self, path: Option<&ArchivePath>) -> Result<OwnedFd, Error> {
        path.map_or_else(|| beneath::root(self.handle()), |path| self.make_folder(path))
    }

    /// Opens the folder `path`, making it and those above it if need be.
    fn make_folder(&self, path: &ArchivePath) -> Result<OwnedFd, Error> {
        if let Some(folder) = beneath::folder(self.handle(), Some(path))? {
            return Ok(folder);
        }
        let spot = self.reach(path)?;
        let private = path.parts().next() == Some(STATE);
        match self.disk().make_folder(spot.at(), private) {
            Ok(()) => {}
            Err(error) if is_any(&error, &[Errno::EXIST]) => {}
            Err(error) => return Err(Error::io("make the folder", path, error)),
        }
        let made = beneath::folder(self.handle(), Some(path))?;
        made.ok_or_else(|| Error::io("make the folder", path, Errno::NOENT.into()))
    }

    /// Opens the file at `spot` for reading and writing, making it if it is missing.
    fn open_own(&self, spot: &Spot, path: &ArchivePath) -> Result<File, Error> {
        let not_plain = || Error::NotPlain { path: path.to_string(), wanted: "a file" };
        let file = match self.disk().create(spot.at()) {
            Ok(file) => file,
            Err(error) if is_any(&error, beneath::NOT_A_FILE) => return Err(not_plain()),
            Err(error) => return Err(Error::io("open", path, error)),
        };
        let meta = file.metadata().map_err(|error| Error::io("look at", path, error))?;
        if meta.is_file() { Ok(file) } else { Err(not_plain()) }
    }

    /// As [`Self::open_own`], and no other name leads to the file: what is written to it
    /// would change there, outside the archive perhaps. What has another name keeps that
    /// one only, and an empty file takes its place.
    fn open_alone(&self, spot: &Spot, path: &ArchivePath) -> Result<File, Error> {
        for _ in 0..ATTEMPTS {
            let file = self.open_own(spot, path)?;
            if links(&file, path)? <= 1 {
                return Ok(file);
            }
            let unlinked = self.disk().unlink(spot.at());
            unlinked.map_err(|error| Error::io("remove", path, error))?;
        }
        Err(Error::NotPlain { path: path.to_string(), wanted: ALONE })
    }

    /// Makes the folders from `path`'s up to the root durable, but for those in `done`.
    fn sync_folders_of(
        &self,
        path: &ArchivePath,
        done: &mut HashSet<Option<ArchivePath>>,
    ) -> Result<(), Error> {
        let mut at = path.parent();
        while !done.contains(&at) {
            let folder = match beneath::folder(self.handle(), at.as_ref()) {
                // A file has taken the folder's name since: the folder above knows.
                Err(Error::Blocked { .. }) => None,
                folder => folder?,
            };
            if let Some(folder) = folder {
                let name = at.as_ref().map_or("the archive's root", ArchivePath::as_str);
                let synced = self.disk().sync(folder.as_fd());
                synced.map_err(|error| Error::io("make durable", name, error))?;
            }
            done.insert(at.clone());
            let Some(folder) = at else { break };
            at = folder.parent();
        }
        Ok(())
    }

    /// The names in a folder that are text, in no order. None if it is missing.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`] if it lies below, or is, a symlink or a file; [`Error::Io`].
    pub fn names_in(&self, folder: &ArchivePath) -> Result<Vec<String>, Error> {
        let Some(handle) = beneath::folder(self.handle(), Some(folder))? else {
            return Ok(Vec::new());
        };
        names_of(&handle).map_err(|errno| Error::io("list", folder, errno.into()))
    }
}

/// The names in an open folder that are text.
fn names_of(folder: &OwnedFd) -> Result<Vec<String>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_str().ok();
        names.extend(name.filter(|name| !matches!(*name, "." | "..")).map(str::to_owned));
    }
    Ok(names)
}

/// How many names lead to an open file.
fn links(file: &File, path: &ArchivePath) -> Result<u64, Error> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = file.metadata().map_err(|error| Error::io("look at", path, error))?;
    Ok(meta.nlink())
}

/// The path of a thing in the state folder. Its last part may come from a caller.
fn state_path(parts: &[&str]) -> Result<ArchivePath, Error> {
    let state = beneath::beneath(None, STATE)?;
    parts.iter().try_fold(state, |folder, part| beneath::beneath(Some(&folder), part))
}

fn file_time(time: DateTime<Utc>) -> FileTime {
    // chrono tells a leap second by nanoseconds beyond the second; disks cannot.
    FileTime::from_unix_time(time.timestamp(), time.timestamp_subsec_nanos().min(999_999_999))
}

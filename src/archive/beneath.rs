//! Reaching folders beneath the root without following any symlink.
//!
//! A library that opens "beneath" a folder usually still follows the symlinks
//! that stay beneath it (cap-std does). A planted link could then lead a file of
//! one tree into another, so here no link is followed at all: `openat2` does it
//! in one step where the system has it (Linux 5.6), elsewhere the parts are
//! opened one by one, each without following.

use std::collections::HashMap;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::sync::Arc;

use rustix::fs::{Mode, OFlags, openat};
use rustix::io::Errno;

use super::Error;
use crate::model::ArchivePath;

/// How folders are opened: readable, so that they can be listed and synced.
const FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// The answers to opening for writing what is no file, or a symlink.
pub(super) const NOT_A_FILE: &[Errno] =
    &[Errno::LOOP, Errno::MLINK, Errno::ISDIR, Errno::NXIO, Errno::NODEV];

/// Opens the folder `path`, or the root itself for `None`. `Ok(None)` if it, or a
/// folder on the way to it, is missing.
pub(super) fn folder(
    root: BorrowedFd<'_>,
    path: Option<&ArchivePath>,
) -> Result<Option<OwnedFd>, Error> {
    let Some(path) = path else { return self::root(root).map(Some) };
    match at_once(root, path) {
        Ok(folder) => Ok(Some(folder)),
        Err(Errno::NOENT) => Ok(None),
        // The walk finds out which part is in the way, or does without `openat2`.
        Err(_) => part_by_part(root, path),
    }
}

/// Folders that were reached while one batch is placed, so that each is reached once. Held
/// no longer: what is renamed in between would be reached by its old name.
#[derive(Default)]
pub(super) struct Reached(HashMap<Option<ArchivePath>, Arc<OwnedFd>>);

/// How many folders are held open at a time.
const REACHED_MAX: usize = 64;

impl Reached {
    /// Returns the folder `path`, which `reach` opens if it was not reached yet.
    pub(super) fn folder(
        &mut self,
        path: Option<ArchivePath>,
        reach: impl FnOnce(Option<&ArchivePath>) -> Result<OwnedFd, Error>,
    ) -> Result<Arc<OwnedFd>, Error> {
        if let Some(folder) = self.0.get(&path) {
            return Ok(Arc::clone(folder));
        }
        if self.0.len() >= REACHED_MAX {
            self.0.clear();
        }
        let folder = Arc::new(reach(path.as_ref())?);
        self.0.insert(path, Arc::clone(&folder));
        Ok(folder)
    }
}

/// Opens the root itself.
pub(super) fn root(root: BorrowedFd<'_>) -> Result<OwnedFd, Error> {
    root.try_clone_to_owned().map_err(|error| Error::io("open", "the archive's root", error))
}

#[cfg(target_os = "linux")]
fn at_once(root: BorrowedFd<'_>, path: &ArchivePath) -> Result<OwnedFd, Errno> {
    use rustix::fs::{ResolveFlags, openat2};
    let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
    openat2(root, path.as_str(), FOLDER, Mode::empty(), resolve)
}

#[cfg(not(target_os = "linux"))]
fn at_once(_root: BorrowedFd<'_>, _path: &ArchivePath) -> Result<OwnedFd, Errno> {
    Err(Errno::NOSYS)
}

fn part_by_part(root: BorrowedFd<'_>, path: &ArchivePath) -> Result<Option<OwnedFd>, Error> {
    let mut here: Option<OwnedFd> = None;
    let mut reached: Option<ArchivePath> = None;
    for part in path.parts() {
        let folder = here.as_ref().map_or(root, |folder| folder.as_fd());
        let next = beneath(reached.as_ref(), part)?;
        here = match openat(folder, part, FOLDER, Mode::empty()) {
            Ok(opened) => Some(opened),
            Err(Errno::NOENT) => return Ok(None),
            // Which of the three a symlink gives depends on the system.
            Err(Errno::NOTDIR | Errno::LOOP | Errno::MLINK) => {
                return Err(Error::Blocked { path: path.to_string(), by: next });
            }
            Err(errno) => return Err(Error::io("open", &next, errno.into())),
        };
        reached = Some(next);
    }
    Ok(here)
}

/// The path of `name` in `folder`, or in the root for `None`.
pub(super) fn beneath(folder: Option<&ArchivePath>, name: &str) -> Result<ArchivePath, Error> {
    let joined = match folder {
        Some(folder) => folder.join(name),
        None if name.contains('/') => ArchivePath::parse(""),
        None => ArchivePath::parse(name),
    };
    joined.map_err(|_| Error::LeadsOut {
        text: name.to_owned(),
        path: folder.map_or_else(|| "the archive's root".to_owned(), ToString::to_string),
    })
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn both_ways_of_opening_a_folder_agree() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let dir = root.path();
        fs::create_dir_all(dir.join("a/b")).unwrap();
        fs::create_dir_all(outside.path().join("b")).unwrap();
        fs::File::create(dir.join("file")).unwrap();
        symlink("a", dir.join("inside")).unwrap();
        symlink(outside.path(), dir.join("outside")).unwrap();
        symlink("../b", dir.join("a/here")).unwrap();
        symlink("missing", dir.join("dangling")).unwrap();
        let handle = fs::File::open(dir).unwrap();
        for (text, expected) in [
            ("a", "open"),
            ("a/b", "open"),
            ("missing", "missing"),
            ("a/missing/b", "missing"),
            ("file", "blocked by file"),
            ("file/b", "blocked by file"),
            ("inside", "blocked by inside"),
            ("inside/b", "blocked by inside"),
            ("outside", "blocked by outside"),
            ("outside/b", "blocked by outside"),
            ("a/here", "blocked by a/here"),
            ("dangling/b", "blocked by dangling"),
        ] {
            let path = ArchivePath::parse(text).unwrap();
            assert_eq!(told(folder(handle.as_fd(), Some(&path))), expected, "{text}");
            assert_eq!(told(part_by_part(handle.as_fd(), &path)), expected, "{text}");
        }
    }

    fn told(result: Result<Option<OwnedFd>, Error>) -> String {
        match result {
            Ok(Some(_)) => "open".to_owned(),
            Ok(None) => "missing".to_owned(),
            Err(Error::Blocked { by, .. }) => format!("blocked by {by}"),
            Err(error) => error.to_string(),
        }
    }
}

//! How the archive behaves on a real disk.
#![expect(
    clippy::disallowed_methods,
    reason = "persons and other programs, whom the tests play, do not use this module"
)]

mod copies;
mod foreign;
#[cfg(debug_assertions)]
mod forgetful;
mod landing;
mod lock;
mod moving;
mod planted;
mod read_only;
mod state;
mod trash;

use std::fs::{self, TryLockError};
use std::io::Read as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::PathBuf;
use std::sync::Mutex;

use chrono::TimeZone as _;

use super::disk::System;
use super::*;

const DAY: &str = "2026-11-21";

/// A fresh archive on the real disk.
struct Here {
    dir: tempfile::TempDir,
    archive: Archive,
}

impl Here {
    fn new() -> Self {
        Self::with(Box::new(System))
    }

    /// Disks of all the abilities there are.
    fn each() -> [Self; 3] {
        let both = &[Lack::RenameNew, Lack::Link];
        [Self::new(), Self::lacking(&[Lack::RenameNew]), Self::lacking(both)]
    }

    fn lacking(lacks: &'static [Lack]) -> Self {
        Self::with(Box::new(Lesser { lacks, ..Lesser::default() }))
    }

    fn with(disk: Box<dyn Disk>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Archive::create(dir.path()).unwrap();
        let archive = Archive::open_with(dir.path(), disk.into()).unwrap();
        Self { dir, archive }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// What a person or another program does.
    fn write(&self, name: &str, bytes: &str) {
        fs::create_dir_all(self.at(name).parent().unwrap()).unwrap();
        fs::write(self.at(name), bytes).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    fn names(&self, folder: &str) -> Vec<String> {
        self.archive.names_in(&path(folder)).unwrap()
    }

    fn ready(&self, bytes: &str) -> Ready {
        self.archive.stage_bytes(&PartialName::of(bytes), bytes.as_bytes(), None).unwrap()
    }

    fn place(&self, bytes: &str, at: &str, replaces: Option<&str>) -> Result<Placed, Error> {
        let at = path(at);
        let day = replaces.map(|day| day.parse().unwrap());
        let older = day.map(|day| self.archive.place_in_trash(&at, day, &HashSet::new()));
        let placing = Placing { replaces: older.transpose()?, ..placing(self.ready(bytes), &at) };
        one(self.archive.place(&[placing]))
    }

    fn every_operation(&self, at: &ArchivePath) -> Vec<(&'static str, Result<(), Error>)> {
        let archive = &self.archive;
        let mine = path("drive/mine");
        vec![
            ("look", archive.look(at).map(drop)),
            ("open_file", archive.open_file(at).map(drop)),
            ("place", self.place("new", at.as_str(), None).map(drop)),
            ("replace", self.place("new", at.as_str(), Some(DAY)).map(drop)),
            ("rename from", archive.rename(at, &path("drive/free"))),
            ("rename to", archive.rename(&mine, at)),
            ("lift", archive.lift(at, "1")),
            ("trash", archive.trash(at, DAY).map(drop)),
            ("set_mtime", archive.set_mtime(at, DateTime::UNIX_EPOCH)),
            ("symlink", archive.symlink(at, "b", None)),
            ("read_link", archive.read_link(at).map(drop)),
            ("unlink_symlink", archive.unlink_symlink(at)),
            ("hard_link from", archive.hard_link(at, &path("drive/free"))),
            ("hard_link to", archive.hard_link(&mine, at)),
            ("stage_copy", archive.stage_copy(at, &PartialName::of("c"), Copying::Bytes).map(drop)),
            ("remove_file", archive.remove_file(at)),
            ("prune_folder", archive.prune_folder(at)),
            ("prune_folder itself", archive.prune_folder(&at.parent().unwrap())),
        ]
    }
}

/// What a disk cannot do.
#[derive(Debug, PartialEq)]
enum Lack {
    /// Rename without overwriting: FAT.
    RenameNew,
    /// Give second names.
    Link,
    /// Make symlinks: FAT as well.
    Symlink,
    /// Let two files share their blocks.
    Reflink,
    /// Hold that file.
    Room,
    /// Lock files: some NFS, some FUSE.
    Locks,
}

/// The real disk with fewer abilities, which remembers what it was asked to do.
#[derive(Debug, Default)]
struct Lesser {
    lacks: &'static [Lack],
    asked: Arc<Mutex<Vec<String>>>,
}

impl Lesser {
    fn asked(&self, what: &str) {
        self.asked.lock().unwrap().push(what.to_owned());
    }
}

impl Disk for Lesser {
    fn create(&self, at: At<'_>) -> io::Result<File> {
        System.create(at)
    }
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        System.write(file, bytes, offset)
    }
    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        System.truncate(file, len)
    }
    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        if self.lacks.contains(&Lack::Room) {
            System.reserve(file, len / 2)?;
            return Err(Errno::NOSPC.into());
        }
        System.reserve(file, len)
    }
    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()> {
        System.set_file_time(file, time)
    }
    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()> {
        System.set_time(at, time)
    }
    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()> {
        let stat = rustix::fs::fstat(file)?;
        let sort = Seen::from_stat(&stat).sort;
        self.asked(&format!("sync {sort:?}"));
        System.sync(file)
    }
    fn sync_all(&self, any: BorrowedFd<'_>) -> io::Result<()> {
        self.asked("sync all");
        System.sync_all(any)
    }
    fn lock(&self, file: &File) -> Result<(), TryLockError> {
        if self.lacks.contains(&Lack::Locks) {
            return Err(TryLockError::Error(Errno::NOLCK.into()));
        }
        System.lock(file)
    }
    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()> {
        System.make_folder(at, private)
    }
    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.asked("link");
        if self.lacks.contains(&Lack::Link) {
            Err(Errno::PERM.into())
        } else {
            System.link(from, to)
        }
    }
    fn reflink(&self, file: &File, source: &File) -> io::Result<()> {
        if self.lacks.contains(&Lack::Reflink) {
            return Err(Errno::OPNOTSUPP.into());
        }
        // Sharing is not to be seen, and few of the disks that tests run on can.
        io::copy(&mut &*source, &mut &*file).map(drop)
    }
    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.asked(&format!("rename to {}", to.name));
        System.rename(from, to)
    }
    fn rename_new(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.asked(&format!("rename to free {}", to.name));
        if self.lacks.contains(&Lack::RenameNew) {
            Err(Errno::INVAL.into())
        } else {
            System.rename_new(from, to)
        }
    }
    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()> {
        if self.lacks.contains(&Lack::Symlink) {
            return Err(Errno::PERM.into());
        }
        System.symlink(text, at)
    }
    fn unlink(&self, at: At<'_>) -> io::Result<()> {
        System.unlink(at)
    }
    fn remove_folder(&self, at: At<'_>) -> io::Result<()> {
        System.remove_folder(at)
    }
}

fn path(text: &str) -> ArchivePath {
    ArchivePath::parse(text).unwrap()
}

fn placing(ready: Ready, at: &ArchivePath) -> Placing {
    Placing { ready, path: at.clone(), replaces: None }
}

fn one(mut results: Vec<Result<Placed, Error>>) -> Result<Placed, Error> {
    assert_eq!(results.len(), 1);
    results.remove(0)
}

//! A disk that remembers what is not durable yet and can take it back, as a power cut does.
//!
//! What it takes for durable is what POSIX promises, and what file systems with a journal do
//! beyond that: the bytes and the time of a file are once it was synced, a name is once its
//! folder was. A rename is one step, never neither name; as long as only the new name's folder
//! was synced, the old name may come back beside it. A folder that was made stays while
//! something durable is in it.

mod change;

use std::fs::{File, TryLockError};
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use filetime::FileTime;
use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

use self::change::{Change, Id, Place, Remade, id_of, modified, modified_at};
use super::super::disk::{At, Disk, System};
use super::super::{Seen, Sort, stat};
use super::orders::Loss;

/// A disk that can forget.
#[derive(Debug)]
pub(in crate::archive) struct Forgetful {
    /// Where things are that were removed and may have to come back.
    attic: TempDir,
    memory: Mutex<Memory>,
}

#[derive(Debug, Default)]
struct Memory {
    /// What is not durable yet, in the order in which it was done.
    changes: Vec<Change>,
    /// How many things went to the attic.
    kept: u64,
}

impl Forgetful {
    /// A disk that keeps what may have to come back in a folder beside `root`.
    pub(in crate::archive) fn beside(root: &Path) -> io::Result<Self> {
        let parent = root.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let attic = tempfile::Builder::new().prefix(".attic-").tempdir_in(parent)?;
        Ok(Self { attic, memory: Mutex::default() })
    }

    /// Takes back what was not made durable, the last of it first.
    pub(in crate::archive) fn lose(&self, loss: Loss) -> io::Result<()> {
        let changes = std::mem::take(&mut self.memory().changes);
        let mut remade = Remade::default();
        let fates = fates(loss, changes.len());
        for (change, fate) in changes.into_iter().zip(fates).rev() {
            match fate {
                Fate::Kept => {}
                Fate::Lost => change.take_back(&mut remade)?,
                // Of a file the length is there and the bytes are not.
                Fate::Hollow => change.hollow_out(&mut remade)?,
            }
        }
        std::fs::remove_dir_all(self.attic.path())
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, change: Change) {
        self.memory().changes.push(change);
    }

    /// Remembers what a file is, unless that is remembered already.
    fn remember_bytes(&self, file: &File) -> io::Result<()> {
        let id = id_of(file.as_fd())?;
        if self.memory().changes.iter().any(|change| change.is_of_bytes(id)) {
            return Ok(());
        }
        let mut before = vec![0; usize::try_from(file.metadata()?.len()).unwrap_or(0)];
        file.read_exact_at(&mut before, 0)?;
        let time = modified(file.as_fd())?;
        self.remember(Change::Bytes { file: file.try_clone()?, id, before, time });
        Ok(())
    }

    /// Remembers that a name came.
    fn remember_made(&self, at: At<'_>) -> io::Result<()> {
        let place = Place::of(at)?;
        let Some(id) = place.id()? else { return Ok(()) };
        self.remember(Change::Made { at: place, id });
        Ok(())
    }

    /// Puts something away from which it can come back.
    fn put_away(&self, at: At<'_>) -> io::Result<Place> {
        let mut memory = self.memory();
        memory.kept += 1;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let attic = rustix::fs::open(self.attic.path(), flags, Mode::empty())?;
        let name = memory.kept.to_string();
        let kept = Place::of(At { folder: attic.as_fd(), name: &name })?;
        System.rename(at, kept.at())?;
        Ok(kept)
    }

    fn rename_by(
        &self,
        (from, to): (At<'_>, At<'_>),
        rename: impl FnOnce(At<'_>, At<'_>) -> io::Result<()>,
    ) -> io::Result<()> {
        let (source, target) = (Place::of(from)?, Place::of(to)?);
        let (moving, there) = (source.id()?, target.id()?);
        let is_replacing = there.is_some() && there != moving;
        let replaced = if is_replacing { Some(self.put_away(to)?) } else { None };
        rename(from, to)?;
        if let Some(id) = moving.filter(|id| there != Some(*id)) {
            let arrived = false;
            self.remember(Change::Moved { from: source, to: target, id, replaced, arrived });
        }
        Ok(())
    }
}

/// What becomes of a change.
#[derive(Clone, Copy)]
enum Fate {
    Kept,
    Lost,
    Hollow,
}

/// Decides for each of `count` changes. By the number, file systems of three sorts are
/// imitated: one that has all names and not all bytes, one that has the names up to some
/// moment, and one that does all in any order.
fn fates(loss: Loss, count: usize) -> Vec<Fate> {
    let Loss::Some(seed) = loss else { return vec![Fate::Lost; count] };
    let mut state = seed;
    let mut below = |most: u64| next(&mut state) % most.max(1);
    let moment = below(count as u64 + 1);
    let fate = |i: usize| match (seed % 3, below(3)) {
        (1, _) if (i as u64) < moment => Fate::Kept,
        (1, _) | (2, 1) => Fate::Lost,
        (0 | 2, 0) => Fate::Kept,
        _ => Fate::Hollow,
    };
    (0..count).map(fate).collect()
}

/// The next of a row of numbers that look like chance: `SplitMix64`.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Disk for Forgetful {
    fn create(&self, at: At<'_>) -> io::Result<File> {
        let is_new = stat(at)?.is_none();
        let file = System.create(at)?;
        if is_new {
            self.remember_made(at)?;
        }
        Ok(file)
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.remember_bytes(file)?;
        System.write(file, bytes, offset)
    }

    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        self.remember_bytes(file)?;
        System.truncate(file, len)
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        System.reserve(file, len)
    }

    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()> {
        self.remember_bytes(file)?;
        System.set_file_time(file, time)
    }

    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()> {
        let place = Place::of(at)?;
        if let Some(found) = stat(at)? {
            let by_name = Seen::from_stat(&found).sort == Sort::Symlink;
            let (id, before) = (Id::of(&found), modified_at(&found));
            self.remember(Change::Time { at: place, id, by_name, before });
        }
        System.set_time(at, time)
    }

    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()> {
        System.sync(file)?;
        let id = id_of(file)?;
        self.memory().changes.retain_mut(|change| !change.is_durable_with(id));
        Ok(())
    }

    fn sync_all(&self, any: BorrowedFd<'_>) -> io::Result<()> {
        System.sync_all(any)?;
        self.memory().changes.clear();
        Ok(())
    }

    fn lock(&self, file: &File) -> Result<(), TryLockError> {
        System.lock(file)
    }

    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()> {
        System.make_folder(at, private)?;
        self.remember_made(at)
    }

    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        System.link(from, to)?;
        self.remember_made(to)
    }

    fn reflink(&self, file: &File, source: &File) -> io::Result<()> {
        self.remember_bytes(file)?;
        System.reflink(file, source)
    }

    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.rename_by((from, to), |from, to| System.rename(from, to))
    }

    fn rename_new(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        if stat(to)?.is_some() {
            return System.rename_new(from, to);
        }
        self.rename_by((from, to), |from, to| System.rename_new(from, to))
    }

    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()> {
        System.symlink(text, at)?;
        self.remember_made(at)
    }

    fn unlink(&self, at: At<'_>) -> io::Result<()> {
        let place = Place::of(at)?;
        let found = stat(at)?.map(|found| Seen::from_stat(&found).sort);
        if found.is_none_or(|sort| sort == Sort::Folder) {
            return System.unlink(at);
        }
        let kept = self.put_away(at)?;
        self.remember(Change::Gone { at: place, kept });
        Ok(())
    }

    fn remove_folder(&self, at: At<'_>) -> io::Result<()> {
        let place = Place::of(at)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let Ok(folder) = rustix::fs::openat(at.folder, at.name, flags, Mode::empty()) else {
            return System.remove_folder(at);
        };
        System.remove_folder(at)?;
        self.remember(Change::FolderGone { at: place, folder });
        Ok(())
    }
}

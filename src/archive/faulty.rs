//! A disk that stops the program, fails, forgets or lacks something where it is told to.
//!
//! For tests, and in debug builds only: the module, and all that leads to it, is compiled
//! under `cfg(debug_assertions)`. A release build holds none of it and knows no variable
//! that could switch it on (`docs/decisions/0016-crash-points.rst`).
//!
//! Each operation that changes something, and each commit of the index, is one of a row of
//! operations that are counted from 1. They are done one at a time, so that nothing
//! happens beside the one that the process ends at. What the words mean is in [`orders`].

mod forgetful;
mod orders;

use std::fs::{File, TryLockError};
use std::io;
use std::os::fd::BorrowedFd;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use filetime::FileTime;
use rustix::io::Errno;
use rustix::process::{Signal, getpid, kill_process};

pub(super) use self::forgetful::Forgetful;
pub use self::orders::BadOrders;
#[cfg(test)]
pub(super) use self::orders::Loss;
use self::orders::{Lack, Orders};
use super::disk::{At, Disk, System};
use super::{Archive, Error};

/// What the archive's disk, and the index on it, are to do wrong in this process. Clones
/// count in one row.
#[derive(Clone, Debug)]
pub struct Faults {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    orders: Orders,
    turn: Mutex<Turn>,
}

/// Held by the operation that is being done.
#[derive(Debug, Default)]
struct Turn {
    /// How many operations were begun.
    begun: u64,
    /// Where that is told.
    told_in: Option<File>,
    /// What forgets at the end, if something is to.
    forgetful: Option<Arc<Forgetful>>,
}

/// A disk with faults.
#[derive(Debug)]
struct Faulty {
    disk: Arc<dyn Disk>,
    faults: Faults,
}

impl Faults {
    /// Reads the words.
    ///
    /// # Errors
    ///
    /// [`BadOrders`] if one of them is none that is known.
    pub fn parse(words: &str) -> Result<Self, BadOrders> {
        let orders = Orders::parse(words)?;
        let told_in = orders.count.as_ref().map(File::create).transpose();
        let told_in = told_in.map_err(|error| BadOrders(format!("count: {error}")))?;
        let turn = Mutex::new(Turn { told_in, ..Turn::default() });
        Ok(Self { shared: Arc::new(Shared { orders, turn }) })
    }

    /// Counts a commit of the index that is about to be made, and says whether it may be.
    #[must_use]
    pub fn may_commit(&self) -> bool {
        self.turn().is_ok()
    }

    /// Begins the next operation, which ends when what is returned is dropped.
    fn turn(&self) -> io::Result<MutexGuard<'_, Turn>> {
        let orders = &self.shared.orders;
        let mut turn = self.shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
        turn.begun += 1;
        if orders.stop == Some(turn.begun) {
            turn.end_process(orders);
        }
        if let Some(file) = &turn.told_in {
            file.write_all_at(turn.begun.to_string().as_bytes(), 0)?;
        }
        match orders.fail {
            Some(fail) if fail.hits(turn.begun) => Err(fail.errno.into()),
            _ => Ok(turn),
        }
    }

    fn lacks(&self, lack: Lack) -> bool {
        self.shared.orders.without.contains(&lack)
    }
}

impl Turn {
    /// Ends the process as a power cut, or whoever kills it, does: nothing is tidied up.
    fn end_process(&self, orders: &Orders) {
        if let Some((forgetful, loss)) = self.forgetful.as_ref().zip(orders.lose)
            && forgetful.lose(loss).is_err()
        {
            // Told apart by the signal: what could not be taken back proves nothing.
            std::process::abort();
        }
        let killed = kill_process(getpid(), Signal::KILL);
        debug_assert!(killed.is_ok(), "{killed:?}");
        std::process::abort();
    }
}

impl Archive {
    /// As [`Archive::open`], with faults.
    ///
    /// # Errors
    ///
    /// As [`Archive::open`].
    pub fn open_faulty(root: &Path, faults: &Faults) -> Result<Self, Error> {
        Self::open_with(root, faults.disk(root)?)
    }

    /// As [`Archive::create`], with faults.
    ///
    /// # Errors
    ///
    /// As [`Archive::create`].
    pub fn create_faulty(root: &Path, faults: &Faults) -> Result<Self, Error> {
        Self::create_with(root, |root| Self::open_faulty(root, faults))
    }
}

impl Faults {
    fn disk(&self, root: &Path) -> Result<Arc<dyn Disk>, Error> {
        let mut disk: Arc<dyn Disk> = Arc::new(System);
        if self.shared.orders.lose.is_some() {
            let failed = |error| Error::io("keep what may be lost of", &root.display(), error);
            let forgetful = Arc::new(Forgetful::beside(root).map_err(failed)?);
            let mut turn = self.shared.turn.lock().unwrap_or_else(PoisonError::into_inner);
            turn.forgetful = Some(Arc::clone(&forgetful));
            disk = forgetful;
        }
        Ok(Arc::new(Faulty { disk, faults: self.clone() }))
    }
}

impl Faulty {
    /// Does one operation, in its turn.
    fn step<T>(&self, work: impl FnOnce(&dyn Disk) -> io::Result<T>) -> io::Result<T> {
        let _turn = self.faults.turn()?;
        work(self.disk.as_ref())
    }

    /// The answer of a disk that lacks something.
    fn having(&self, lack: Lack, answer: Errno) -> io::Result<()> {
        if self.faults.lacks(lack) { Err(answer.into()) } else { Ok(()) }
    }

    /// Whether a name is short enough: eCryptfs leaves 143 bytes.
    fn holds(&self, name: &str) -> io::Result<()> {
        const BYTES_MAX: usize = 143;
        if name.len() > BYTES_MAX {
            self.having(Lack::LongNames, Errno::NAMETOOLONG)
        } else {
            Ok(())
        }
    }
}

impl Disk for Faulty {
    fn create(&self, at: At<'_>) -> io::Result<File> {
        self.holds(at.name)?;
        self.step(|disk| disk.create(at))
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        self.step(|disk| disk.write(file, bytes, offset))
    }

    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        self.step(|disk| disk.truncate(file, len))
    }

    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        self.having(Lack::Reserve, Errno::OPNOTSUPP)?;
        self.step(|disk| disk.reserve(file, len))
    }

    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()> {
        self.having(Lack::Times, Errno::PERM)?;
        self.step(|disk| disk.set_file_time(file, time))
    }

    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()> {
        self.having(Lack::Times, Errno::PERM)?;
        self.step(|disk| disk.set_time(at, time))
    }

    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()> {
        self.step(|disk| disk.sync(file))
    }

    fn sync_all(&self, any: BorrowedFd<'_>) -> io::Result<()> {
        self.having(Lack::Syncfs, Errno::NOSYS)?;
        self.step(|disk| disk.sync_all(any))
    }

    fn lock(&self, file: &File) -> Result<(), TryLockError> {
        self.having(Lack::Locks, Errno::NOLCK).map_err(TryLockError::Error)?;
        self.disk.lock(file)
    }

    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()> {
        self.holds(at.name)?;
        self.step(|disk| disk.make_folder(at, private))
    }

    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.having(Lack::Links, Errno::PERM)?;
        self.holds(to.name)?;
        self.step(|disk| disk.link(from, to))
    }

    fn reflink(&self, file: &File, source: &File) -> io::Result<()> {
        self.step(|disk| disk.reflink(file, source))
    }

    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.holds(to.name)?;
        self.step(|disk| disk.rename(from, to))
    }

    fn rename_new(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        self.having(Lack::RenameNew, Errno::INVAL)?;
        self.holds(to.name)?;
        self.step(|disk| disk.rename_new(from, to))
    }

    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()> {
        self.having(Lack::Symlinks, Errno::PERM)?;
        self.holds(at.name)?;
        self.step(|disk| disk.symlink(text, at))
    }

    fn unlink(&self, at: At<'_>) -> io::Result<()> {
        self.step(|disk| disk.unlink(at))
    }

    fn remove_folder(&self, at: At<'_>) -> io::Result<()> {
        self.step(|disk| disk.remove_folder(at))
    }
}

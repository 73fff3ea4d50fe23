//! The lock that keeps a second run out of an archive.
//!
//! It is the system's lock on a file, which goes with its process however that ends. Where a
//! file system has no locks (some of NFS and FUSE), a folder takes its place, which only
//! one run can make: it says whose it is, and one whose process has certainly ended is
//! taken over.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::sync::atomic::{AtomicU64, Ordering};

use rustix::io::Errno;

use super::holder::Holder;
use super::{Archive, Error, is_any, links, state_path};
use crate::model::ArchivePath;

/// Of what the other run wrote of itself, so much is read.
const TEXT_BYTES_MAX: u64 = 1024;

/// The folder that stands for the lock, with who holds it, and the one of whoever takes
/// over one that is left.
const FOLDER: &str = "locked";
const TAKING: &str = "locked.taking";
const HOLDER: &str = "holder";

/// How often something is looked at again that another process is about to do.
const LOOKS: u32 = 1000;

/// The answers of file systems that have no locks.
const NO_LOCKS: &[Errno] =
    &[Errno::NOLCK, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP, Errno::INVAL];

/// Holds an archive until it is dropped, or its process ends in whatever way.
#[derive(Debug)]
pub struct Lock {
    archive: Archive,
    file: File,
    /// Whether a folder stands for the lock.
    is_folder: bool,
    /// What had the file's name before, if somebody had given that another name.
    _other: Option<File>,
}

impl Archive {
    /// Takes the archive for this run, and writes `info` for others to read: who
    /// holds it, and since when. What a dead run left is just taken.
    ///
    /// # Errors
    ///
    /// [`Error::Locked`] if another run holds it; [`Error::Unlockable`] if another may,
    /// and nobody can know; [`Error::Blocked`]; [`Error::Io`].
    pub fn lock(&self, info: &str) -> Result<Lock, Error> {
        let path = state_path(&["lock"])?;
        let spot = self.reach(&path)?;
        let mut file = self.open_own(&spot, &path)?;
        let own = Holder::this(info);
        let is_folder = self.take(&mut file, &own, &path)?;
        let mut other = None;
        if links(&file, &path)? > 1 {
            // What is written here would be written there, too, wherever that is. Who
            // has opened it already is kept out by the lock on it, which is held further.
            let mut alone = self.open_alone(&spot, &path)?;
            if !is_folder {
                self.take(&mut alone, &own, &path)?;
            }
            other = Some(std::mem::replace(&mut file, alone));
        }
        let lock = Lock { archive: self.clone(), file, is_folder, _other: other };
        let written = self.disk().truncate(&lock.file, 0);
        let text = own.to_text();
        let written = written.and_then(|()| self.disk().write(&lock.file, text.as_bytes(), 0));
        written.map_err(|error| Error::io("write", &path, error))?;
        Ok(lock)
    }

    /// Takes the lock on an open file, and says whether a folder stands for it.
    fn take(&self, file: &mut File, own: &Holder, path: &ArchivePath) -> Result<bool, Error> {
        match self.try_lock(file) {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Err(Error::Locked { by: told_by_holder(file) }),
            Err(TryLockError::Error(error)) if has_no_locks(&error) => {
                self.take_folder(own)?;
                Ok(true)
            }
            Err(TryLockError::Error(error)) => Err(Error::io("lock", path, error)),
        }
    }

    /// Takes the file, though somebody may be looking who holds it ([`Archive::holder`]).
    fn try_lock(&self, file: &File) -> Result<(), TryLockError> {
        for _ in 0..LOOKS {
            match self.disk().lock(file) {
                Err(TryLockError::WouldBlock) => {}
                other => return other,
            }
            // A run lets nobody share it, and who looks is gone at once.
            if file.try_lock_shared().is_err() {
                return Err(TryLockError::WouldBlock);
            }
            file.unlock().map_err(TryLockError::Error)?;
            std::thread::yield_now();
        }
        Err(TryLockError::WouldBlock)
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
        // A lock is tried only where it must be: a run that begins now would be in its way.
        let told = read_holder(&mut file);
        match told.is_running() {
            Some(true) => return Ok(Some(told.words)),
            None if !told.words.is_empty() => match file.try_lock_shared() {
                Err(TryLockError::WouldBlock) => return Ok(Some(told_by_holder(&mut file))),
                Err(TryLockError::Error(error)) if !has_no_locks(&error) => {
                    return Err(Error::io("lock", &path, error));
                }
                Ok(()) | Err(TryLockError::Error(_)) => {}
            },
            Some(false) | None => {}
        }
        drop(file);
        let left = self.folder_holder()?.filter(|holder| !holder.has_ended());
        Ok(left.map(|holder| holder.words))
    }

    /// Gives the folder its name, with the holder in it: only one run can.
    fn take_folder(&self, own: &Holder) -> Result<(), Error> {
        let draft = draft_name();
        self.draft_folder(&draft, own)?;
        let mut taken = self.rename_folder(&draft)?;
        if !taken && self.may_take_over()? {
            taken = self.rename_folder(&draft)?;
        }
        if taken {
            // Of one that was killed while it took over. Whoever does so now sees this lock.
            self.remove_if_empty(&state_path(&[TAKING])?)?;
            return Ok(());
        }
        self.remove_folder_of(&draft)?;
        let by = self.folder_holder()?.map_or_else(String::new, |holder| holder.words);
        Err(Error::Unlockable { by, folder: state_path(&[FOLDER])? })
    }

    fn draft_folder(&self, draft: &str, own: &Holder) -> Result<(), Error> {
        let path = state_path(&[draft, HOLDER])?;
        let spot = self.reach(&path)?;
        let file = self.open_own(&spot, &path)?;
        let written = self.disk().truncate(&file, 0);
        let written = written.and_then(|()| self.disk().write(&file, own.to_text().as_bytes(), 0));
        let synced = written.and_then(|()| self.disk().sync(file.as_fd()));
        synced.map_err(|error| Error::io("write", &path, error))
    }

    /// Says whether the draft is the lock now. Nothing can be renamed to a folder that
    /// has something in it.
    fn rename_folder(&self, draft: &str) -> Result<bool, Error> {
        let path = state_path(&[FOLDER])?;
        let from = self.existing(&state_path(&[draft])?, "lock")?;
        let to = self.existing(&path, "lock")?;
        match self.disk().rename(from.at(), to.at()) {
            Ok(()) => Ok(true),
            Err(_) if super::stat(to.at()).is_ok_and(|stat| stat.is_some()) => Ok(false),
            Err(error) => Err(Error::io("lock", &path, error)),
        }
    }

    /// Removes the lock of a process that has ended, and says whether it did. Of several
    /// who want to only one may, lest it be the lock of another of them.
    fn may_take_over(&self) -> Result<bool, Error> {
        if self.look(&state_path(&[FOLDER])?)?.is_none() {
            return Ok(true);
        }
        let path = state_path(&[TAKING])?;
        let taking = self.existing(&path, "lock")?;
        match self.disk().make_folder(taking.at(), true) {
            Ok(()) => {}
            Err(error) if is_any(&error, &[Errno::EXIST]) => return Ok(false),
            Err(error) => return Err(Error::io("lock", &path, error)),
        }
        let ended = self.folder_holder()?.is_some_and(|holder| holder.has_ended());
        let removed = if ended { self.remove_folder_of(FOLDER) } else { Ok(()) };
        // Who has the lock by now may have done so for this one.
        self.remove_if_empty(&path)?;
        removed.map(|()| ended)
    }

    /// Who the folder that stands for the lock says it is of; `None` if there is none, or
    /// it does not say.
    fn folder_holder(&self) -> Result<Option<Holder>, Error> {
        let path = state_path(&[FOLDER, HOLDER])?;
        let file = match self.open_file(&path) {
            Ok(file) => file,
            Err(error) if error.is_missing() => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut text = String::new();
        let read = file.take(TEXT_BYTES_MAX).read_to_string(&mut text);
        read.map_err(|error| Error::io("read", &path, error))?;
        Ok(Some(Holder::parse(&text)))
    }

    /// Takes the folder away in one step: it is never there without its holder.
    fn let_go_of_folder(&self) -> Result<(), Error> {
        let draft = draft_name();
        self.rename(&state_path(&[FOLDER])?, &state_path(&[&draft])?)?;
        self.remove_folder_of(&draft)
    }

    fn remove_folder_of(&self, name: &str) -> Result<(), Error> {
        self.remove_file(&state_path(&[name, HOLDER])?)?;
        self.remove_if_empty(&state_path(&[name])?).map(drop)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where what is written of it stays, the next run sees that this process has ended.
        drop(self.archive.disk().truncate(&self.file, 0));
        if self.is_folder {
            drop(self.archive.let_go_of_folder());
        }
    }
}

/// A name that nobody else has: what is renamed to the lock, and from it.
fn draft_name() -> String {
    static DRAFTS: AtomicU64 = AtomicU64::new(0);
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    format!("{FOLDER}.{}.{number}", std::process::id())
}

fn has_no_locks(error: &io::Error) -> bool {
    is_any(error, NO_LOCKS) || error.kind() == io::ErrorKind::Unsupported
}

/// What the holder wrote of itself. Who has just taken the file has not yet, and what is
/// there is of an earlier run. What cannot be read is not told; that it is locked matters.
fn told_by_holder(file: &mut File) -> String {
    let mut holder = read_holder(file);
    for _ in 0..LOOKS {
        holder = read_holder(file);
        if !holder.words.is_empty() && !holder.has_ended() {
            break;
        }
        std::thread::yield_now();
    }
    holder.words
}

fn read_holder(file: &mut File) -> Holder {
    let mut text = Vec::new();
    drop(io::Seek::rewind(file));
    drop(file.by_ref().take(TEXT_BYTES_MAX).read_to_end(&mut text));
    Holder::parse(&String::from_utf8_lossy(&text))
}

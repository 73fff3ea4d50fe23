//! The few operations that change the disk, in one place.
//!
//! Whatever the archive does durably is a sequence of these. They are a trait so
//! that a test can make the k-th of them fail, or stop the program there, and so
//! that file systems with fewer abilities can be imitated (`faulty`). Nothing here
//! knows paths: each operation has an open folder and one plain name in it, and none
//! follows a symlink.

use std::fmt;
use std::fs::{File, TryLockError};
use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use filetime::FileTime;
use rustix::fs::{self, AtFlags, Mode, OFlags, Timespec, Timestamps, UTIME_OMIT};

/// A name in an open folder.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    /// The folder.
    pub folder: BorrowedFd<'a>,
    /// One plain part.
    pub name: &'a str,
}

/// The operations that change the disk.
pub(super) trait Disk: fmt::Debug + Send + Sync {
    /// Opens a file for reading and writing, making it if it is missing.
    fn create(&self, at: At<'_>) -> io::Result<File>;
    /// Writes all of `bytes` at `offset`.
    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()>;
    /// Makes the file that long.
    fn truncate(&self, file: &File, len: u64) -> io::Result<()>;
    /// Reserves room beyond the file's end without making it longer.
    fn reserve(&self, file: &File, len: u64) -> io::Result<()>;
    /// Sets when the open file was last modified.
    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()>;
    /// Sets when the thing of that name, symlinks included, was last modified.
    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()>;
    /// Makes one file or folder durable.
    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()>;
    /// Makes the whole file system durable that the handle is of. `Unsupported`
    /// where the system cannot say when that is done.
    fn sync_all(&self, any: BorrowedFd<'_>) -> io::Result<()>;
    /// Takes the file for this process alone, if no other has it.
    fn lock(&self, file: &File) -> Result<(), TryLockError>;
    /// Makes a folder, for all (less the umask) or for the owner only.
    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()>;
    /// Gives a file a second name, which must be free.
    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()>;
    /// Makes an empty file share the blocks of `source`, until one of the two is
    /// changed. `Unsupported` where the system cannot.
    fn reflink(&self, file: &File, source: &File) -> io::Result<()>;
    /// Renames, replacing what has the new name.
    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()>;
    /// Renames in one step to a name that must be free.
    fn rename_new(&self, from: At<'_>, to: At<'_>) -> io::Result<()>;
    /// Makes a symlink with that text.
    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()>;
    /// Removes a name that is not a folder's.
    fn unlink(&self, at: At<'_>) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_folder(&self, at: At<'_>) -> io::Result<()>;
}

/// The operating system's own operations.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn create(&self, at: At<'_>) -> io::Result<File> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        // For all, less the umask: the file keeps this mode when it is placed.
        let mode = Mode::from_raw_mode(0o666);
        Ok(File::from(fs::openat(at.folder, at.name, flags, mode)?))
    }

    fn write(&self, file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    fn truncate(&self, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }

    #[cfg(target_os = "linux")]
    fn reserve(&self, file: &File, len: u64) -> io::Result<()> {
        Ok(fs::fallocate(file, fs::FallocateFlags::KEEP_SIZE, 0, len)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn reserve(&self, _file: &File, _len: u64) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn set_file_time(&self, file: &File, time: FileTime) -> io::Result<()> {
        filetime::set_file_handle_times(file, None, Some(time))
    }

    fn set_time(&self, at: At<'_>, time: FileTime) -> io::Result<()> {
        let times = Timestamps {
            last_access: Timespec { tv_sec: 0, tv_nsec: UTIME_OMIT },
            last_modification: Timespec {
                tv_sec: time.unix_seconds(),
                tv_nsec: time.nanoseconds().into(),
            },
        };
        Ok(fs::utimensat(at.folder, at.name, &times, AtFlags::SYMLINK_NOFOLLOW)?)
    }

    fn sync(&self, file: BorrowedFd<'_>) -> io::Result<()> {
        // The standard library's way knows that macOS needs F_FULLFSYNC.
        match File::from(file.try_clone_to_owned()?).sync_all() {
            // Some network and FUSE file systems have no fsync for folders.
            Err(error) if super::is_any(&error, UNSYNCABLE) => Ok(()),
            other => other,
        }
    }

    // Since Linux 5.8 it also reports what could not be written back.
    #[cfg(target_os = "linux")]
    fn sync_all(&self, any: BorrowedFd<'_>) -> io::Result<()> {
        Ok(fs::syncfs(any)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn sync_all(&self, _any: BorrowedFd<'_>) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn lock(&self, file: &File) -> Result<(), TryLockError> {
        file.try_lock()
    }

    fn make_folder(&self, at: At<'_>, private: bool) -> io::Result<()> {
        let mode = Mode::from_raw_mode(if private { 0o700 } else { 0o777 });
        Ok(fs::mkdirat(at.folder, at.name, mode)?)
    }

    fn link(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        Ok(fs::linkat(from.folder, from.name, to.folder, to.name, AtFlags::empty())?)
    }

    #[cfg(target_os = "linux")]
    fn reflink(&self, file: &File, source: &File) -> io::Result<()> {
        Ok(fs::ioctl_ficlone(file, source)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn reflink(&self, _file: &File, _source: &File) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn rename(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        Ok(fs::renameat(from.folder, from.name, to.folder, to.name)?)
    }

    fn rename_new(&self, from: At<'_>, to: At<'_>) -> io::Result<()> {
        let flags = fs::RenameFlags::NOREPLACE;
        Ok(fs::renameat_with(from.folder, from.name, to.folder, to.name, flags)?)
    }

    fn symlink(&self, text: &str, at: At<'_>) -> io::Result<()> {
        Ok(fs::symlinkat(text, at.folder, at.name)?)
    }

    fn unlink(&self, at: At<'_>) -> io::Result<()> {
        Ok(fs::unlinkat(at.folder, at.name, AtFlags::empty())?)
    }

    fn remove_folder(&self, at: At<'_>) -> io::Result<()> {
        Ok(fs::unlinkat(at.folder, at.name, AtFlags::REMOVEDIR)?)
    }
}

/// The answers of file systems that cannot make one file or folder durable.
const UNSYNCABLE: &[rustix::io::Errno] =
    &[rustix::io::Errno::INVAL, rustix::io::Errno::NOTSUP, rustix::io::Errno::NOTTY];

/// A name in a folder that this value keeps open.
#[derive(Debug)]
pub(super) struct Spot {
    /// The folder.
    pub folder: Arc<OwnedFd>,
    /// One plain part.
    pub name: String,
}

impl Spot {
    pub(super) fn at(&self) -> At<'_> {
        use std::os::fd::AsFd as _;
        At { folder: self.folder.as_fd(), name: &self.name }
    }
}

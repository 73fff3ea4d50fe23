//! What is at a path.

use std::io;

use rustix::fs::{AtFlags, FileType, Stat};
use rustix::io::Errno;

use super::disk::At;

/// What sort of thing is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symlink, wherever it points.
    Symlink,
    /// A device, socket or pipe.
    Other,
}

/// What is at a path, itself and not what it may point to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What sort of thing it is.
    pub sort: Sort,
    /// Its length in bytes; of a symlink that of its text.
    pub size_bytes: u64,
    /// When it was last modified, in nanoseconds since 1970, before it negative.
    pub mtime_ns: i64,
}

impl Seen {
    pub(super) fn from_stat(stat: &Stat) -> Self {
        let sort = match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Sort::File,
            FileType::Directory => Sort::Folder,
            FileType::Symlink => Sort::Symlink,
            _ => Sort::Other,
        };
        let size_bytes = u64::try_from(stat.st_size).unwrap_or(0);
        // The widths and signs of the two differ between systems.
        let nanos = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        let limit = if nanos < 0 { i64::MIN } else { i64::MAX };
        Self { sort, size_bytes, mtime_ns: i64::try_from(nanos).unwrap_or(limit) }
    }
}

/// What has that name, itself; `None` if nothing has.
pub(super) fn stat(at: At<'_>) -> io::Result<Option<Stat>> {
    match rustix::fs::statat(at.folder, at.name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(errno.into()),
    }
}

//! One change that is not durable yet, and how it is taken back.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::os::unix::fs::FileExt as _;

use filetime::FileTime;
use rustix::fs::{Mode, OFlags, Stat};
use rustix::io::Errno;

use crate::archive::disk::{At, Disk as _, System};
use crate::archive::{Seen, Sort, is_any, stat};

/// A change that is not durable yet.
#[derive(Debug)]
pub(super) enum Change {
    /// A file has other bytes, or another time, than these.
    Bytes { file: File, id: Id, before: Vec<u8>, time: FileTime },
    /// What has that name has another time than this.
    Time { at: Place, id: Id, by_name: bool, before: FileTime },
    /// A name came.
    Made { at: Place, id: Id },
    /// A name went; what had it is kept.
    Gone { at: Place, kept: Place },
    /// A folder went.
    FolderGone { at: Place, folder: OwnedFd },
    /// A name became another.
    Moved { from: Place, to: Place, id: Id, replaced: Option<Place>, arrived: bool },
}

/// Which file or folder it is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id(u64, u64);

/// A name in a folder that this value keeps open.
#[derive(Debug)]
pub(super) struct Place {
    folder: OwnedFd,
    folder_id: Id,
    name: String,
}

/// The folders that were removed and are there again, as other ones.
#[derive(Debug, Default)]
pub(super) struct Remade(HashMap<Id, OwnedFd>);

impl Id {
    #[expect(clippy::unnecessary_cast, reason = "the widths and signs differ between systems")]
    pub(super) const fn of(stat: &Stat) -> Self {
        Self(stat.st_dev as u64, stat.st_ino as u64)
    }
}

/// Which file or folder is open.
pub(super) fn id_of(file: BorrowedFd<'_>) -> io::Result<Id> {
    Ok(Id::of(&rustix::fs::fstat(file)?))
}

/// When the open file was last modified.
pub(super) fn modified(file: BorrowedFd<'_>) -> io::Result<FileTime> {
    Ok(modified_at(&rustix::fs::fstat(file)?))
}

/// When what was looked at was last modified.
pub(super) fn modified_at(stat: &Stat) -> FileTime {
    let nanos = Seen::from_stat(stat).mtime_ns;
    let part = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or(0);
    FileTime::from_unix_time(nanos.div_euclid(1_000_000_000), part)
}

impl Place {
    pub(super) fn of(at: At<'_>) -> io::Result<Self> {
        let folder = at.folder.try_clone_to_owned()?;
        Ok(Self { folder_id: id_of(folder.as_fd())?, folder, name: at.name.to_owned() })
    }

    pub(super) fn at(&self) -> At<'_> {
        At { folder: self.folder.as_fd(), name: &self.name }
    }

    /// What has the name.
    pub(super) fn id(&self) -> io::Result<Option<Id>> {
        Ok(stat(self.at())?.as_ref().map(Id::of))
    }

    /// The name, in the folder that stands for its own now.
    fn now<'a>(&'a self, remade: &'a Remade) -> At<'a> {
        let folder = remade.0.get(&self.folder_id).unwrap_or(&self.folder);
        At { folder: folder.as_fd(), name: &self.name }
    }
}

impl Change {
    /// Whether it is of a file's bytes.
    pub(super) fn is_of_bytes(&self, file: Id) -> bool {
        matches!(self, Self::Bytes { id, .. } if *id == file)
    }

    /// Whether it is durable, now that this file or folder is.
    pub(super) fn is_durable_with(&mut self, synced: Id) -> bool {
        match self {
            Self::Bytes { id, .. } | Self::Time { id, by_name: false, .. } => *id == synced,
            Self::Time { at, .. }
            | Self::Made { at, .. }
            | Self::Gone { at, .. }
            | Self::FolderGone { at, .. } => at.folder_id == synced,
            Self::Moved { from, to, arrived, .. } => {
                *arrived |= to.folder_id == synced;
                from.folder_id == synced
            }
        }
    }

    /// Makes it not to have been.
    pub(super) fn take_back(self, remade: &mut Remade) -> io::Result<()> {
        let done = match self {
            Self::Bytes { file, before, time, .. } => {
                file.set_len(0)?;
                file.write_all_at(&before, 0)?;
                filetime::set_file_handle_times(&file, None, Some(time))
            }
            Self::Time { at, id, before, .. } => {
                if_it_is(at.now(remade), id, |at| System.set_time(at, before))
            }
            Self::Made { at, id } => if_it_is(at.now(remade), id, remove),
            Self::Gone { at, kept } => rename_back(kept.at(), at.now(remade)),
            Self::FolderGone { at, folder } => make_again(&at, &folder, remade),
            Self::Moved { from, to, id, arrived: true, .. } => {
                let (from, to) = (from.now(remade), to.now(remade));
                if_it_is(to, id, |to| if is_folder(to)? { Ok(()) } else { System.link(to, from) })
            }
            Self::Moved { from, to, id, replaced, arrived: false } => {
                let (from, to) = (from.now(remade), to.now(remade));
                if_it_is(to, id, |to| {
                    rename_back(to, from)?;
                    replaced.map_or(Ok(()), |kept| rename_back(kept.at(), to))
                })
            }
        };
        match done {
            // It rests on something else that was not taken back, or was.
            Err(error) if is_any(&error, &[Errno::NOENT, Errno::EXIST, Errno::NOTEMPTY]) => Ok(()),
            other => other,
        }
    }

    /// As [`Self::take_back`]; of bytes only they go, and the length and the time stay.
    pub(super) fn hollow_out(self, remade: &mut Remade) -> io::Result<()> {
        match self {
            Self::Bytes { file, before, .. } => {
                let (len, time) = (file.metadata()?.len(), modified(file.as_fd())?);
                file.set_len(0)?;
                file.write_all_at(&before, 0)?;
                file.set_len(len)?;
                filetime::set_file_handle_times(&file, None, Some(time))
            }
            Self::Made { .. }
            | Self::Gone { .. }
            | Self::FolderGone { .. }
            | Self::Moved { .. } => Ok(()),
            Self::Time { .. } => self.take_back(remade),
        }
    }
}

/// Does `work` at a name, if it is still that thing's.
fn if_it_is(at: At<'_>, id: Id, work: impl FnOnce(At<'_>) -> io::Result<()>) -> io::Result<()> {
    if stat(at)?.as_ref().map(Id::of) == Some(id) { work(at) } else { Ok(()) }
}

fn is_folder(at: At<'_>) -> io::Result<bool> {
    Ok(stat(at)?.is_some_and(|found| Seen::from_stat(&found).sort == Sort::Folder))
}

fn remove(at: At<'_>) -> io::Result<()> {
    if is_folder(at)? { System.remove_folder(at) } else { System.unlink(at) }
}

fn rename_back(from: At<'_>, to: At<'_>) -> io::Result<()> {
    if stat(to)?.is_some() { Err(Errno::EXIST.into()) } else { System.rename(from, to) }
}

fn make_again(at: &Place, folder: &OwnedFd, remade: &mut Remade) -> io::Result<()> {
    let mode = Mode::from_raw_mode(rustix::fs::fstat(folder)?.st_mode);
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let opened = {
        let at = at.now(remade);
        rustix::fs::mkdirat(at.folder, at.name, mode)?;
        rustix::fs::openat(at.folder, at.name, flags, Mode::empty())?
    };
    remade.0.insert(id_of(folder.as_fd())?, opened);
    Ok(())
}

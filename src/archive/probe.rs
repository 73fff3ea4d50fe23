//! What the file system beneath an archive can do, found out by trying it in a folder
//! that is gone afterwards.

use std::fs::File;
use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;

use filetime::FileTime;
use rustix::io::Errno;

use super::disk::At;
use super::{Ability, Archive, Error, STATE, beneath, is_any, state_path};
use crate::model::NameLimits;

/// What Windows cannot have in a name, and cannot have at its end.
const ODD_NAME: &str = "trial a:b?c*d\"e<f>g|h\\i. ";

/// The longest name that some file systems hold which encrypt names: eCryptfs, on which
/// the encrypted folders of some NAS are.
const ENCRYPTED_BYTES_MAX: usize = 143;

/// The answers to a name that a file system cannot hold. FUSE file systems pass many.
const NO_SUCH_NAME: &[Errno] =
    &[Errno::INVAL, Errno::NOENT, Errno::ILSEQ, Errno::NAMETOOLONG, Errno::ACCESS, Errno::PERM];

/// What a file system can do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is found out by itself")]
pub struct Abilities {
    /// It holds symlinks.
    pub symlinks: bool,
    /// It gives a file a second name.
    pub hard_links: bool,
    /// Two files can share their blocks.
    pub reflinks: bool,
    /// It keeps times to the millisecond.
    pub milliseconds: bool,
    /// `a` and `A` are two names.
    pub case_sensitive: bool,
    /// It holds names of 255 bytes.
    pub long_names: bool,
    /// It holds every character but `/`.
    pub any_characters: bool,
    /// Programs can lock files.
    pub locks: bool,
}

/// How large a file system is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Space {
    /// How many bytes can still be written, as the file system counts for this user.
    pub free: u64,
    /// How many there are in all.
    pub total: u64,
}

impl Archive {
    /// How large the archive's file system is, and how much of it is free.
    ///
    /// # Errors
    ///
    /// [`Error::Io`].
    pub fn space(&self) -> Result<Space, Error> {
        let stat = rustix::fs::fstatvfs(self.handle()).map_err(|errno| {
            Error::io("ask for the free room of", &self.root().display(), errno.into())
        })?;
        let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
        Ok(Space { free: bytes(stat.f_bavail), total: bytes(stat.f_blocks) })
    }

    /// Finds out what the archive's file system can do, in a folder of its own that is
    /// removed again.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] if nothing can be written there.
    pub fn abilities(&self) -> Result<Abilities, Error> {
        let failed = |error| Error::io("write to", &self.root().display(), error);
        let state = self.root().join(STATE);
        // A link in its place leads nowhere.
        let is_folder = state.symlink_metadata().is_ok_and(|meta| meta.is_dir());
        let inside = if is_folder { &state } else { self.root() };
        let folder = tempfile::Builder::new().prefix("doctor-").tempdir_in(inside);
        let folder = folder.map_err(failed)?;
        let there = Self::open(folder.path())?;
        let abilities = Abilities {
            symlinks: there.can(Ability::Symlink)?,
            hard_links: there.can(Ability::HardLink)?,
            reflinks: there.can(Ability::Reflink)?,
            milliseconds: keeps_milliseconds(folder.path()).map_err(failed)?,
            case_sensitive: tells_case(folder.path()).map_err(failed)?,
            long_names: can_hold(folder.path(), &"n".repeat(255)),
            any_characters: can_hold(folder.path(), "a:b?c*d\"e<f>g|h\\i. "),
            locks: can_lock(folder.path()).map_err(failed)?,
        };
        folder.close().map_err(failed)?;
        Ok(abilities)
    }

    /// Finds out what names the archive's file system can hold, by trying some among the
    /// program's own files; `None` where nothing can be tried: there is no archive yet, or
    /// the disk is full or takes no changes.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`]; [`Error::Io`] if what was tried cannot be looked at or removed.
    pub fn name_limits(&self) -> Result<Option<NameLimits>, Error> {
        let stated = rustix::fs::fstatvfs(self.handle()).map_or(0, |stat| stat.f_namemax);
        let stated = usize::try_from(stated).ok().filter(|&max| max > 0);
        let stated = stated.map_or(NameLimits::LINUX.bytes_max, |max| max.min(255));
        let Some(case_sensitive) = self.tells_case()? else { return Ok(None) };
        // Without this the names below tell nothing.
        let (Some(true), Some(any_characters), Some(is_as_stated)) =
            (self.holds("trial")?, self.holds(ODD_NAME)?, self.holds(&"n".repeat(stated))?)
        else {
            return Ok(None);
        };
        let bytes_max = if is_as_stated { stated } else { stated.min(ENCRYPTED_BYTES_MAX) };
        Ok(Some(NameLimits { any_characters, case_sensitive, bytes_max }))
    }

    /// Whether the state folder goes by its name in another case, too; `None` where there
    /// is none.
    fn tells_case(&self) -> Result<Option<bool>, Error> {
        let folder = beneath::root(self.handle())?;
        let is_there = |name: &str| -> Result<bool, Error> {
            let seen = super::stat(At { folder: folder.as_fd(), name });
            Ok(seen.map_err(|error| Error::io("look at", name, error))?.is_some())
        };
        let other = STATE.to_uppercase();
        if !is_there(STATE)? {
            return Ok(None);
        }
        if !is_there(&other)? {
            return Ok(Some(true));
        }
        // Some of FUSE give a file another number each time: that the two are one is seen
        // by there being no second name.
        let listed = super::names_of(&folder);
        let listed = listed.map_err(|errno| Error::io("list", STATE, errno.into()))?;
        Ok(Some(listed.contains(&other)))
    }

    /// Whether a file of that name can be made and is listed by it; `None` if it failed
    /// for another reason than its name.
    fn holds(&self, name: &str) -> Result<Option<bool>, Error> {
        let folder = state_path(&["partial"])?;
        let path = beneath::beneath(Some(&folder), name)?;
        let Some(spot) = self.spot(&path)? else { return Ok(None) };
        match self.disk().create(spot.at()) {
            Ok(file) => drop(file),
            Err(error) if is_any(&error, NO_SUCH_NAME) => return Ok(Some(false)),
            Err(_) => return Ok(None),
        }
        let is_listed = self.names_in(&folder)?.iter().any(|listed| listed == name);
        let removed = self.disk().unlink(spot.at());
        removed.map_err(|error| Error::io("remove", &path, error))?;
        Ok(Some(is_listed))
    }

    /// The file system's name, where it is one that is known here.
    #[must_use]
    #[cfg(target_os = "linux")]
    pub fn file_system(&self) -> Option<&'static str> {
        let kind = rustix::fs::fstatfs(self.handle()).ok()?.f_type;
        name_of(u32::try_from(kind & 0xffff_ffff).ok()?)
    }

    /// The file system's name, where it is one that is known here.
    #[must_use]
    #[cfg(not(target_os = "linux"))]
    pub fn file_system(&self) -> Option<&'static str> {
        None
    }
}

/// The names of the numbers in statfs(2).
#[cfg(target_os = "linux")]
fn name_of(kind: u32) -> Option<&'static str> {
    Some(match kind {
        0xEF53 => "ext4",
        0x9123_683E => "btrfs",
        0x5846_5342 => "xfs",
        0x2FC1_2FC1 => "zfs",
        0xF2F5_2010 => "f2fs",
        0xCA45_1A4E => "bcachefs",
        0x0102_1994 => "tmpfs",
        0x794C_7630 => "overlay",
        0x4D44 => "vfat",
        0x2011_BAB0 => "exfat",
        0x5346_544E | 0x7366_746E => "ntfs",
        0x6969 => "nfs",
        0xFF53_4D42 | 0xFE53_4D42 | 0x517B => "smb",
        0x6573_5546 => "fuse",
        0x0102_1997 => "9p",
        _ => return None,
    })
}

fn keeps_milliseconds(folder: &Path) -> io::Result<bool> {
    let path = folder.join("time");
    drop(File::create(&path)?);
    let wanted = FileTime::from_unix_time(1_500_000_001, 123_000_000);
    filetime::set_file_mtime(&path, wanted)?;
    let kept = FileTime::from_last_modification_time(&path.metadata()?);
    Ok((kept.unix_seconds(), kept.nanoseconds() / 1_000_000) == (1_500_000_001, 123))
}

fn tells_case(folder: &Path) -> io::Result<bool> {
    drop(File::create(folder.join("Case"))?);
    Ok(!folder.join("cASE").exists())
}

/// Whether a file of that name can be made, and has it then.
fn can_hold(folder: &Path, name: &str) -> bool {
    let made = File::create(folder.join(name)).is_ok();
    let mut names = folder.read_dir().into_iter().flatten().flatten();
    made && names.any(|entry| entry.file_name() == name)
}

fn can_lock(folder: &Path) -> io::Result<bool> {
    Ok(File::create(folder.join("lock"))?.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trying_leaves_nothing_behind() {
        for is_archive in [false, true] {
            let dir = tempfile::tempdir().unwrap();
            let open = if is_archive { Archive::create } else { Archive::open };
            let archive = open(dir.path()).unwrap();
            let count = || {
                let state = dir.path().join(STATE).read_dir().into_iter().flatten().count();
                (dir.path().read_dir().unwrap().count(), state)
            };
            let before = count();
            let abilities = archive.abilities().unwrap();
            assert!(abilities.symlinks && abilities.hard_links, "{abilities:?}");
            assert_eq!(count(), before);
        }
    }
}

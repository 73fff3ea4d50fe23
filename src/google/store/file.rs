//! A small file that only its owner can read, written whole or not at all.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;

use rustix::fs::OFlags;

use super::StoreError;
use crate::google::secret::Secret;

/// No sign-in is longer, in bytes.
pub(super) const LENGTH_MAX: u64 = 64 << 10;

/// Reads the file at `path`; `None` if there is none.
///
/// # Errors
///
/// [`StoreError::Exposed`] and [`StoreError::Strange`] if it may not be one's own
/// secret any more; [`StoreError::Io`].
pub(super) fn read(path: &Path) -> Result<Option<Secret>, StoreError> {
    let shown = || path.display().to_string();
    let strange = |what| Err(StoreError::Strange { path: shown(), what });
    // A pipe in its place must not make us wait for a writer.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = match OpenOptions::new().read(true).custom_flags(flags).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(_) if path.is_symlink() => return strange("a symbolic link"),
        Err(error) => return Err(StoreError::io(path, &error)),
    };
    let metadata = file.metadata().map_err(|error| StoreError::io(path, &error))?;
    if !metadata.is_file() {
        return strange("no plain file");
    }
    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return strange("another user's");
    }
    let mode = metadata.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(StoreError::Exposed { path: shown(), mode });
    }
    let mut text = String::new();
    let read = file.take(LENGTH_MAX).read_to_string(&mut text);
    let text = Secret::new(text);
    match read {
        Ok(_) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(StoreError::Damaged { place: shown() })
        }
        Err(error) => Err(StoreError::io(path, &error)),
    }
}

/// Puts `text` at `path`, in place of what is there, making its folder if need be.
///
/// # Errors
///
/// [`StoreError::Io`]; what was there is then still there.
pub(super) fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|error| StoreError::io(folder, &error))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    // A name of its own: two programs may be writing.
    let staged = folder.join(format!(".{name}.{:08x}", rand::random::<u32>()));
    let written = stage(&staged, text).and_then(|()| put(&staged, path));
    if written.is_err() {
        delete(&staged).ok();
    }
    written.map_err(|error| StoreError::io(path, &error))
}

/// Removes the file at `path`, if there is one.
///
/// # Errors
///
/// [`StoreError::Io`].
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match delete(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io(path, &error)),
        _ => Ok(()),
    }
}

fn stage(staged: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(staged)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[expect(clippy::disallowed_methods, reason = "replacing the older sign-in is what is wanted")]
fn put(staged: &Path, path: &Path) -> io::Result<()> {
    std::fs::rename(staged, path)?;
    // Without this the name may not outlast a power cut.
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

#[expect(clippy::disallowed_methods, reason = "a secret is not moved to a trash")]
fn delete(path: &Path) -> io::Result<()> {
    std::fs::remove_file(path)
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn the_file_and_its_folder_are_for_their_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/token.json");
        write(&path, "one").unwrap();
        write(&path, "two").unwrap();
        assert_eq!(read(&path).unwrap().unwrap().expose(), "two");
        let mode = |path: &Path| path.metadata().unwrap().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let left = std::fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing staged is left over");
    }

    #[test]
    fn a_file_that_others_can_read_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token.json");
        write(&path, "text").unwrap();
        for mode in [0o640, 0o604, 0o620, 0o666] {
            set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            let shown = path.display().to_string();
            assert_eq!(read(&path).map(|_| ()), Err(StoreError::Exposed { path: shown, mode }));
        }
    }

    #[test]
    fn what_is_no_plain_file_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().join("real.json");
        write(&real, "text").unwrap();
        let link = folder.path().join("link.json");
        symlink(&real, &link).unwrap();
        for path in [link.as_path(), folder.path()] {
            let refused = read(path).unwrap_err();
            assert!(matches!(refused, StoreError::Strange { .. }), "{refused}");
        }
        assert_eq!(read(&folder.path().join("none")).unwrap(), None);
    }
}

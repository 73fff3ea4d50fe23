//! What is in a folder, one after another: a folder may have more in it than fits into
//! memory.

use std::os::fd::{AsFd as _, OwnedFd};

use rustix::fs::{Dir, FileType};
use rustix::io::Errno;

use super::disk::At;
use super::{Archive, Error, Seen, Sort, beneath, stat};
use crate::model::ArchivePath;

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, as far as it is text.
    pub name: String,
    /// Where it is; `None` if its name is no text: then it is none of the archive's own.
    pub path: Option<ArchivePath>,
    /// What it is.
    pub sort: Sort,
}

impl Archive {
    /// Shows what is in a folder to `see`, in no order, until that returns an error.
    /// Nothing, if the folder is missing.
    ///
    /// # Errors
    ///
    /// What `see` returns; [`Error::Blocked`] if the folder lies below, or is, a symlink or
    /// a file; [`Error::Io`].
    pub fn each_in<E: From<Error>>(
        &self,
        folder: &ArchivePath,
        see: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_below(Some(folder), see)
    }

    /// As [`Self::each_in`]; for `None` it is the root's own.
    ///
    /// # Errors
    ///
    /// As [`Self::each_in`].
    pub fn each_below<E: From<Error>>(
        &self,
        folder: Option<&ArchivePath>,
        mut see: impl FnMut(Entry) -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(handle) = beneath::folder(self.handle(), folder)? else { return Ok(()) };
        let shown = folder.map_or("the folder", ArchivePath::as_str);
        let failed = |errno: Errno| Error::io("list", shown, errno.into());
        for entry in Dir::read_from(&handle).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            if matches!(name.to_bytes(), b"." | b"..") {
                continue;
            }
            let text = name.to_str().ok();
            let sort = match entry.file_type() {
                FileType::RegularFile => Some(Sort::File),
                FileType::Directory => Some(Sort::Folder),
                FileType::Symlink => Some(Sort::Symlink),
                // Not all file systems say.
                FileType::Unknown => sort_in(&handle, text)?,
                _ => Some(Sort::Other),
            };
            let Some(sort) = sort else { continue };
            let path = text.and_then(|text| match folder {
                Some(folder) => folder.join(text).ok(),
                None => ArchivePath::parse(text).ok(),
            });
            see(Entry { name: name.to_string_lossy().into_owned(), path, sort })?;
        }
        Ok(())
    }
}

/// What sort of thing has that name; `None` if it is gone by now.
fn sort_in(folder: &OwnedFd, name: Option<&str>) -> Result<Option<Sort>, Error> {
    let Some(name) = name else { return Ok(Some(Sort::Other)) };
    let at = At { folder: folder.as_fd(), name };
    let seen = stat(at).map_err(|error| Error::io("look at", name, error))?;
    Ok(seen.as_ref().map(|stat| Seen::from_stat(stat).sort))
}

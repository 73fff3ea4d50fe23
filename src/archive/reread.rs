//! Reading what is on the disk itself, rather than what the system still remembers.

use std::fs::File;

use super::{Archive, Error};
use crate::model::ArchivePath;

impl Archive {
    /// As [`Archive::open_file`], and has the system drop what it has of the file in
    /// memory, where it can: what is read then comes from the disk.
    ///
    /// # Errors
    ///
    /// As [`Archive::open_file`].
    pub fn open_from_disk(&self, path: &ArchivePath) -> Result<File, Error> {
        let file = self.open_file(path)?;
        forget_cached(&file);
        Ok(file)
    }
}

#[cfg(target_os = "linux")]
fn forget_cached(file: &File) {
    // Where advice is not taken, the memory is read.
    let _: Result<(), rustix::io::Errno> =
        rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn forget_cached(_: &File) {}

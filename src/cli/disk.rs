//! Opens the archive and the index. In debug builds, and in these alone, on a disk that
//! has the faults which the variable `GPHOTOS_SYNC_DISK` asks for, so that tests can stop
//! the program at each of its steps. A release build does not know that variable.

use std::path::Path;

use rusqlite::Connection;

use super::Session;
use crate::archive::{self, Archive};
use crate::index;

#[cfg(not(debug_assertions))]
impl Session {
    /// Opens the archive at `target`, making it if need be.
    pub fn create_archive(&self, target: &Path) -> Result<Archive, archive::Error> {
        Archive::create(target)
    }

    /// Opens the archive at `target`, which must be there.
    pub fn open_archive(&self, target: &Path) -> Result<Archive, archive::Error> {
        Archive::open(target)
    }

    /// Opens the index at `path`, making it if need be.
    pub fn open_index(&self, path: &Path) -> Result<Connection, index::Error> {
        index::open(path)
    }
}

#[cfg(debug_assertions)]
impl Session {
    /// Opens the archive at `target`, making it if need be.
    pub fn create_archive(&self, target: &Path) -> Result<Archive, archive::Error> {
        match &self.faults {
            Some(faults) => Archive::create_faulty(target, faults),
            None => Archive::create(target),
        }
    }

    /// Opens the archive at `target`, which must be there.
    pub fn open_archive(&self, target: &Path) -> Result<Archive, archive::Error> {
        match &self.faults {
            Some(faults) => Archive::open_faulty(target, faults),
            None => Archive::open(target),
        }
    }

    /// Opens the index at `path`, making it if need be.
    pub fn open_index(&self, path: &Path) -> Result<Connection, index::Error> {
        match self.faults.clone() {
            Some(faults) => index::open_guarded(path, move || faults.may_commit()),
            None => index::open(path),
        }
    }
}

//! The program's own files in `.gphotos-sync`: written whole, or added to.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd as _;
use std::path::PathBuf;

use rustix::io::Errno;

use super::disk::Spot;
use super::{ALONE, Archive, Error, is_any, links, state_path};
use crate::model::ArchivePath;

/// How much is gathered before it is written.
const BUFFER_BYTES: usize = 64 * 1024;

/// The new content of a state file. It takes the file's place, durably and in one
/// step, with [`StateDraft::commit`]; dropped before, it changes nothing.
#[derive(Debug)]
pub struct StateDraft {
    archive: Archive,
    path: ArchivePath,
    draft: Spot,
    file: File,
    buffer: Vec<u8>,
    written: u64,
}

impl Archive {
    /// Begins new content for the state file `name`, for any amount of bytes.
    ///
    /// # Errors
    ///
    /// [`Error::LeadsOut`] if the name is not one plain part; [`Error::Blocked`];
    /// [`Error::NotPlain`]; [`Error::Io`].
    pub fn draft_state(&self, name: &str) -> Result<StateDraft, Error> {
        let path = state_path(&[name])?;
        let draft_path = state_path(&[&format!("{name}.new")])?;
        let draft = self.reach(&draft_path)?;
        let file = self.open_alone(&draft, &draft_path)?;
        let cut = self.disk().truncate(&file, 0);
        cut.map_err(|error| Error::io("write", &draft_path, error))?;
        let (archive, buffer) = (self.clone(), Vec::with_capacity(BUFFER_BYTES));
        Ok(StateDraft { archive, path, draft, file, buffer, written: 0 })
    }

    /// Adds `bytes` to the end of the state file `name`, durably. After a crash any
    /// first part of them may be there, so records must tell their own end.
    ///
    /// # Errors
    ///
    /// As [`Archive::draft_state`].
    pub fn append_state(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        let path = state_path(&[name])?;
        let spot = self.reach(&path)?;
        self.make_own(&path)?;
        let file = self.open_own(&spot, &path)?;
        if links(&file, &path)? > 1 {
            return Err(Error::NotPlain { path: path.to_string(), wanted: ALONE });
        }
        let appended = file.metadata().and_then(|meta| {
            self.disk().write(&file, bytes, meta.len())?;
            self.disk().sync(file.as_fd())?;
            // A file that was empty may have been made just now.
            if meta.len() == 0 { self.disk().sync(spot.folder.as_fd()) } else { Ok(()) }
        });
        appended.map_err(|error| Error::io("write", &path, error))
    }

    /// Opens the state file `name` for reading; `None` if it is missing.
    ///
    /// # Errors
    ///
    /// As [`Archive::open_file`]; [`Error::LeadsOut`].
    pub fn open_state(&self, name: &str) -> Result<Option<File>, Error> {
        match self.open_file(&state_path(&[name])?) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the state file `name` an empty file of its own, for a library to write that
    /// opens files itself, as SQLite does, and says where it is. The library must not make
    /// one nor follow a link there: it goes by names, which others may have changed.
    ///
    /// # Errors
    ///
    /// As [`Archive::draft_state`].
    pub fn empty_state(&self, name: &str) -> Result<PathBuf, Error> {
        let path = state_path(&[name])?;
        let spot = self.reach(&path)?;
        let emptied = self.disk().truncate(&self.open_alone(&spot, &path)?, 0);
        emptied.map_err(|error| Error::io("write", &path, error))?;
        self.state_file(name)
    }

    /// The place of the state file `name` for a library that opens its files itself,
    /// as SQLite does, and only reads.
    ///
    /// # Errors
    ///
    /// [`Error::LeadsOut`] if the name is not one plain part.
    pub fn state_file(&self, name: &str) -> Result<PathBuf, Error> {
        Ok(self.root().join(state_path(&[name])?.as_str()))
    }

    /// Gives the state file `draft` the name `name`, durably; what had it is gone.
    ///
    /// # Errors
    ///
    /// As [`Archive::draft_state`]; [`Error::NotPlain`] also if a folder has the name.
    pub fn replace_state(&self, draft: &str, name: &str) -> Result<(), Error> {
        let (draft_path, path) = (state_path(&[draft])?, state_path(&[name])?);
        let file = self.open_file(&draft_path)?;
        let from = self.existing(&draft_path, "move")?;
        let to = self.reach(&path)?;
        let replaced = self.disk().sync(file.as_fd()).and_then(|()| {
            self.disk().rename(from.at(), to.at())?;
            self.disk().sync(to.folder.as_fd())
        });
        replaced.map_err(|error| {
            if is_any(&error, &[Errno::ISDIR]) {
                Error::NotPlain { path: path.to_string(), wanted: "a file" }
            } else {
                Error::io("write", &path, error)
            }
        })
    }
}

impl StateDraft {
    /// Makes the new content durable and gives it its name.
    ///
    /// # Errors
    ///
    /// [`Error::Io`], see [`Error::is_full`]: then the old content is still there.
    pub fn commit(mut self) -> Result<(), Error> {
        self.take_place().map_err(|error| Error::io("write", &self.path, error))
    }

    fn take_place(&mut self) -> io::Result<()> {
        self.flush()?;
        let disk = self.archive.disk();
        disk.sync(self.file.as_fd())?;
        let target = super::At { folder: self.draft.folder.as_fd(), name: self.path.name() };
        disk.rename(self.draft.at(), target)?;
        disk.sync(self.draft.folder.as_fd())
    }
}

impl Write for StateDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BUFFER_BYTES {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.archive.disk().write(&self.file, &self.buffer, self.written)?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

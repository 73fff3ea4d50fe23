//! Symlinks of the archive's own: albums and shortcuts.
//!
//! They are made, replaced and removed, never followed. Their text is relative
//! and stays inside the archive, so that the archive can be moved as a whole.

use chrono::{DateTime, Utc};
use rustix::io::Errno;

use super::disk::Spot;
use super::{Archive, Error, PartialName, Seen, Sort, file_time, is_any, stat};
use crate::model::ArchivePath;

impl Archive {
    /// Puts a symlink at `path` that says `text`, with its own time `mtime`, making
    /// the folders above it. A symlink that is there is replaced in one step.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`] if something else than a symlink is there;
    /// [`Error::LeadsOut`] if `text` is absolute or climbs above the archive's root;
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn symlink(
        &self,
        path: &ArchivePath,
        text: &str,
        mtime: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        if !stays_inside(path, text) {
            let (text, path) = (text.to_owned(), path.to_string());
            return Err(Error::LeadsOut { text, path });
        }
        let target = self.reach(path)?;
        let failed = |error| Error::io("link", path, error);
        let there = stat(target.at()).map_err(failed)?;
        match there.as_ref().map(|stat| Seen::from_stat(stat).sort) {
            None => {
                let draft = self.draft_link(path, text, mtime)?;
                self.move_new(&draft, &target, path)
            }
            Some(Sort::Symlink) => {
                let draft = self.draft_link(path, text, mtime)?;
                self.disk().rename(draft.at(), target.at()).map_err(failed)
            }
            Some(_) => Err(Error::Occupied(path.clone())),
        }
    }

    /// Returns the text of the symlink at `path`; `None` if there is nothing.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is something else, or its text is not UTF-8 and so
    /// not ours; [`Error::Blocked`]; [`Error::Io`].
    pub fn read_link(&self, path: &ArchivePath) -> Result<Option<String>, Error> {
        let Some(spot) = self.spot(path)? else { return Ok(None) };
        match rustix::fs::readlinkat(&spot.folder, &spot.name, Vec::new()) {
            Ok(text) => text.into_string().map(Some).map_err(|_| no_link(path)),
            Err(Errno::NOENT) => Ok(None),
            Err(Errno::INVAL) => Err(no_link(path)),
            Err(errno) => Err(Error::io("read the link", path, errno.into())),
        }
    }

    /// Removes the symlink at `path`, if there is one.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is something else; [`Error::Blocked`]; [`Error::Io`].
    pub fn unlink_symlink(&self, path: &ArchivePath) -> Result<(), Error> {
        let Some(spot) = self.spot(path)? else { return Ok(()) };
        let failed = |error| Error::io("remove the link", path, error);
        match stat(spot.at()).map_err(failed)?.as_ref().map(Seen::from_stat) {
            None => Ok(()),
            Some(Seen { sort: Sort::Symlink, .. }) => self.disk().unlink(spot.at()).map_err(failed),
            Some(_) => Err(no_link(path)),
        }
    }

    /// Makes the link whole, with its time, before it gets its name.
    pub(super) fn draft_link(
        &self,
        path: &ArchivePath,
        text: &str,
        mtime: Option<DateTime<Utc>>,
    ) -> Result<Spot, Error> {
        let draft = self.reach(&PartialName::of(&format!("link {path}")).path()?)?;
        let failed = |error| Error::io("link", path, error);
        match self.disk().symlink(text, draft.at()) {
            // A crash left it.
            Err(error) if is_any(&error, &[Errno::EXIST]) => {
                self.disk().unlink(draft.at()).map_err(failed)?;
                self.disk().symlink(text, draft.at()).map_err(failed)?;
            }
            other => other.map_err(failed)?,
        }
        if let Some(time) = mtime {
            self.disk().set_time(draft.at(), file_time(time)).map_err(failed)?;
        }
        Ok(draft)
    }
}

fn no_link(path: &ArchivePath) -> Error {
    Error::NotPlain { path: path.to_string(), wanted: "a symlink of the archive" }
}

/// Says whether a link at `path` with that text points at a place in the archive.
fn stays_inside(path: &ArchivePath, text: &str) -> bool {
    let mut depth = path.parts().count() - 1;
    for part in text.split('/') {
        match part {
            "" | "." => return false,
            ".." if depth == 0 => return false,
            ".." => depth -= 1,
            part if part.contains('\0') => return false,
            _ => depth += 1,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_that_stay_in_the_archive_are_made() {
        let path = ArchivePath::parse("albums/2024/a").unwrap();
        for text in ["../../drive/b", "b", "x/../../b", "..b"] {
            assert!(stays_inside(&path, text), "{text}");
        }
        for text in ["", "/etc/passwd", "../../../x", "b/../../../../x", "./b", "b//c", "a\0"] {
            assert!(!stays_inside(&path, text), "{text:?}");
        }
    }
}

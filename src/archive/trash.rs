//! What becomes of files in the trash: they come back, or are deleted for good.
//!
//! Only what lies in a folder of a day is ever deleted. What a person edited lies on
//! a shelf of its own beside these (`edited`), and nothing here reaches it. How files
//! get into the trash is in [`super::moves`].

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::moves::{TRASH, in_trash};
use super::{Archive, Error, PartialName, Ready, Seen, Sort, file_time, stat, state_path};
use crate::model::ArchivePath;

/// How the folders of days are named.
const DAY: &str = "%Y-%m-%d";

impl Archive {
    /// Where the file at `path` will be in the trash's folder of `day`: a name that is
    /// free there and not in `taken`. Changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`] if the trash itself cannot be reached; [`Error::Io`].
    pub fn place_in_trash(
        &self,
        path: &ArchivePath,
        day: NaiveDate,
        taken: &HashSet<ArchivePath>,
    ) -> Result<ArchivePath, Error> {
        self.place_on_shelf(path, &day.format(DAY).to_string(), taken)
    }

    /// The same for another shelf of the trash.
    ///
    /// # Errors
    ///
    /// As [`Archive::place_in_trash`]; [`Error::LeadsOut`] if `day` is no plain path.
    pub fn place_on_shelf(
        &self,
        path: &ArchivePath,
        day: &str,
        taken: &HashSet<ArchivePath>,
    ) -> Result<ArchivePath, Error> {
        let (free, ()) = in_trash(path, day, |wanted| {
            if taken.contains(wanted) || self.look(wanted)?.is_some() {
                return Err(Error::Occupied(wanted.clone()));
            }
            Ok(())
        })?;
        Ok(free)
    }

    /// Takes the file at `path` out of the trash and makes it a finished download of
    /// that name, with the time `mtime`, which can be placed. What was staged under
    /// the name is gone.
    ///
    /// # Errors
    ///
    /// [`Error::LeadsOut`] if `path` is not in the trash; [`Error::NotPlain`] if it is no
    /// file; [`Error::Blocked`]; [`Error::Io`], also if there is nothing.
    pub fn stage_again(
        &self,
        path: &ArchivePath,
        name: PartialName,
        mtime: Option<DateTime<Utc>>,
    ) -> Result<Ready, Error> {
        must_be_in_trash(path)?;
        let file = self.open_file(path)?;
        let len = file.metadata().map_err(|error| Error::io("look at", path, error))?.len();
        let from = self.existing(path, "take back")?;
        let to_path = name.path()?;
        let to = self.reach(&to_path)?;
        let failed = |error| Error::io("take back", path, error);
        if stat(to.at()).map_err(failed)?.is_some() {
            self.disk().unlink(to.at()).map_err(failed)?;
        }
        self.move_new(&from, &to, &to_path)?;
        if let Some(time) = mtime {
            self.disk().set_time(to.at(), file_time(time)).map_err(failed)?;
        }
        Ok(Ready { name, len })
    }

    /// The days that have a folder in the trash, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn trash_days(&self) -> Result<Vec<NaiveDate>, Error> {
        let names = self.names_in(&state_path(&[TRASH])?)?;
        // Only names that this program would give: "2026-1-1" is somebody's own.
        let day = |name: &String| {
            let day = NaiveDate::parse_from_str(name, DAY).ok()?;
            (day.format(DAY).to_string() == *name).then_some(day)
        };
        let mut days: Vec<_> = names.iter().filter_map(day).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// The trash's folder of a day.
    ///
    /// # Errors
    ///
    /// None that a date could cause.
    pub fn trash_folder(&self, day: NaiveDate) -> Result<ArchivePath, Error> {
        state_path(&[TRASH, &day.format(DAY).to_string()])
    }

    /// Deletes the trash's folder of `day` for good, with all that is in it, and says
    /// how many files that were. No symlink is followed: it is deleted itself.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`] if the folder is a symlink or a file; [`Error::Io`].
    pub fn purge_day(&self, day: NaiveDate) -> Result<u64, Error> {
        self.purge(&self.trash_folder(day)?)
    }

    /// Deletes the file at `path` in the trash for good, if it is there, and the
    /// folders above it that this makes empty.
    ///
    /// # Errors
    ///
    /// [`Error::LeadsOut`] if `path` is in no day's folder of the trash;
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn purge_file(&self, path: &ArchivePath) -> Result<(), Error> {
        must_be_in_trash(path)?;
        let Some(spot) = self.spot(path)? else { return Ok(()) };
        let failed = |error| Error::io("delete", path, error);
        if stat(spot.at()).map_err(failed)?.is_some() {
            self.disk().unlink(spot.at()).map_err(failed)?;
        }
        self.prune_in_trash(path)
    }

    /// Removes the folders above a path in the trash that are empty, but not the trash.
    ///
    /// # Errors
    ///
    /// As [`Archive::prune_folder`].
    pub fn prune_in_trash(&self, path: &ArchivePath) -> Result<(), Error> {
        let mut at = path.parent();
        while let Some(folder) = at.filter(|folder| folder.parts().count() > 2) {
            if !self.remove_if_empty(&folder)? {
                break;
            }
            at = folder.parent();
        }
        Ok(())
    }

    /// Each folder is reached anew beneath the root: one that somebody replaces by a
    /// symlink at this moment leads nowhere.
    fn purge(&self, folder: &ArchivePath) -> Result<u64, Error> {
        let mut files = 0;
        for name in self.names_in(folder)? {
            let path = folder.join(&name).map_err(|_| leads_out(folder))?;
            let Some(spot) = self.spot(&path)? else { continue };
            let failed = |error| Error::io("delete", &path, error);
            let seen = stat(spot.at()).map_err(failed)?;
            match seen.as_ref().map(|stat| Seen::from_stat(stat).sort) {
                None => {}
                Some(Sort::Folder) => files += self.purge(&path)?,
                Some(_) => {
                    self.disk().unlink(spot.at()).map_err(failed)?;
                    files += 1;
                }
            }
        }
        // Names that are no text were never this program's: their folder stays.
        self.remove_if_empty(folder)?;
        Ok(files)
    }
}

/// Says whether a path is below a day's folder of the trash.
fn must_be_in_trash(path: &ArchivePath) -> Result<(), Error> {
    let mut parts = path.parts();
    let is_in_trash = parts.next() == Some(super::STATE)
        && parts.next() == Some(TRASH)
        && parts.next().is_some_and(|day| NaiveDate::parse_from_str(day, DAY).is_ok())
        && parts.next().is_some();
    if is_in_trash { Ok(()) } else { Err(leads_out(path)) }
}

fn leads_out(path: &ArchivePath) -> Error {
    Error::LeadsOut { text: path.to_string(), path: TRASH.to_owned() }
}

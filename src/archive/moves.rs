//! Moving things about: renames, rounds of renames, the trash, emptied folders.
//!
//! Nothing here overwrites. What is moved is durable once the caller has called
//! [`Archive::make_durable`] with the paths it was moved from and to.

use rustix::fs::Stat;
use rustix::io::Errno;

use super::disk::Spot;
use super::{Archive, Error, STATE, is_any, stat, state_path};
use crate::model::ArchivePath;

const MOVING: &str = "moving";
pub(super) const TRASH: &str = "trash";

/// The answers of file systems that cannot rename without overwriting.
const NO_RENAME_NEW: &[Errno] = &[Errno::INVAL, Errno::NOSYS, Errno::NOTSUP, Errno::OPNOTSUPP];

/// The answers of file systems that give no second names.
pub(super) const NO_LINK: &[Errno] = &[
    Errno::PERM,
    Errno::ACCESS,
    Errno::INVAL,
    Errno::NOSYS,
    Errno::NOTSUP,
    Errno::OPNOTSUPP,
    Errno::MLINK,
];

/// What something is that has the name which another should get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Same {
    /// Another thing.
    Not,
    /// The same file, by a second name.
    SecondName,
    /// The same file by the same name, on a file system that takes upper and lower
    /// case for one.
    CaseVariant,
}

impl Archive {
    /// Moves the file, symlink or folder at `from` to `to`, making the folders
    /// above it. `to` must be free.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`]; [`Error::Blocked`]; [`Error::Io`].
    pub fn rename(&self, from: &ArchivePath, to: &ArchivePath) -> Result<(), Error> {
        if from == to {
            return Ok(());
        }
        let source = self.existing(from, "move")?;
        let target = self.reach(to)?;
        self.move_new(&source, &target, to)
    }

    /// Takes the thing at `path` out of the trees, under `name`, so that another can
    /// have its path: for moves that form a circle.
    ///
    /// # Errors
    ///
    /// [`Error::Occupied`] if something has been lifted under that name;
    /// [`Error::LeadsOut`] if the name is not one plain part; as [`Archive::rename`].
    pub fn lift(&self, path: &ArchivePath, name: &str) -> Result<(), Error> {
        self.rename(path, &state_path(&[MOVING, name])?)
    }

    /// Puts what was lifted under `name` down at `path`, which must be free.
    ///
    /// # Errors
    ///
    /// As [`Archive::rename`].
    pub fn settle(&self, name: &str, path: &ArchivePath) -> Result<(), Error> {
        self.rename(&state_path(&[MOVING, name])?, path)
    }

    /// The names of all that is lifted, sorted: after a crash, what must be settled.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; [`Error::Blocked`].
    pub fn lifted(&self) -> Result<Vec<String>, Error> {
        let mut names = self.names_in(&state_path(&[MOVING])?)?;
        names.sort_unstable();
        Ok(names)
    }

    /// Where [`Archive::lift`] puts what it lifts, for [`Archive::make_durable`].
    ///
    /// # Errors
    ///
    /// [`Error::LeadsOut`] if the name is not one plain part.
    pub fn lifted_path(&self, name: &str) -> Result<ArchivePath, Error> {
        state_path(&[MOVING, name])
    }

    /// Moves the thing at `path` to the trash's folder `day` (a date, or another
    /// shelf) and says where it is now. What is there already keeps its name; the
    /// newcomer gets the next free ` (n)`.
    ///
    /// # Errors
    ///
    /// As [`Archive::rename`]; [`Error::LeadsOut`] if `day` is not a plain path.
    pub fn trash(&self, path: &ArchivePath, day: &str) -> Result<ArchivePath, Error> {
        self.put_on_shelf(path, path, day)
    }

    /// As [`Archive::trash`], for the thing at `at` that has its place there by the name of
    /// `path`.
    ///
    /// # Errors
    ///
    /// As [`Archive::trash`].
    pub fn put_on_shelf(
        &self,
        at: &ArchivePath,
        path: &ArchivePath,
        day: &str,
    ) -> Result<ArchivePath, Error> {
        let source = self.existing(at, "move")?;
        let (trashed, ()) = in_trash(path, day, |wanted| {
            let target = self.reach(wanted)?;
            self.move_new(&source, &target, wanted)
        })?;
        Ok(trashed)
    }

    /// Removes the folder at `path` if it is empty, then those above it that this
    /// made empty, up to but not including the top folder (`drive`, `albums`).
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`] if it lies below, or is, a symlink or a file; [`Error::Io`].
    pub fn prune_folder(&self, path: &ArchivePath) -> Result<(), Error> {
        let mut at = path.clone();
        while let Some(parent) = at.parent() {
            if !self.remove_if_empty(&at)? {
                break;
            }
            at = parent;
        }
        Ok(())
    }

    /// Says whether the folder at `path` is gone now.
    pub(super) fn remove_if_empty(&self, path: &ArchivePath) -> Result<bool, Error> {
        let Some(spot) = self.spot(path)? else { return Ok(true) };
        match self.disk().remove_folder(spot.at()) {
            Ok(()) => Ok(true),
            Err(error) if is_any(&error, &[Errno::NOENT]) => Ok(true),
            Err(error) if is_any(&error, &[Errno::NOTEMPTY, Errno::EXIST]) => Ok(false),
            Err(error) if is_any(&error, &[Errno::NOTDIR]) => {
                Err(Error::Blocked { path: path.to_string(), by: path.clone() })
            }
            Err(error) => Err(Error::io("remove the folder", path, error)),
        }
    }

    /// Moves one name to another that must be free, as safely as the file system can.
    pub(super) fn move_new(
        &self,
        from: &Spot,
        to: &Spot,
        to_path: &ArchivePath,
    ) -> Result<(), Error> {
        match self.disk().rename_new(from.at(), to.at()) {
            Err(error) if is_any(&error, &[Errno::EXIST, Errno::NOTEMPTY]) => {
                self.finish_move(from, to, to_path)
            }
            Err(error) if is_any(&error, NO_RENAME_NEW) => self.move_by_link(from, to, to_path),
            other => other.map_err(|error| Error::io("move something to", to_path, error)),
        }
    }

    fn move_by_link(&self, from: &Spot, to: &Spot, to_path: &ArchivePath) -> Result<(), Error> {
        let linked = self.disk().link(from.at(), to.at());
        let failed = |error| Error::io("move something to", to_path, error);
        match linked {
            Ok(()) => self.disk().unlink(from.at()).map_err(failed),
            Err(error) if is_any(&error, &[Errno::EXIST]) => self.finish_move(from, to, to_path),
            Err(error) if is_any(&error, NO_LINK) => {
                // Only FAT and the like come here. A placeholder would shut out others
                // who make this very name at this moment, but would lie in the tree as
                // an empty file after a crash: looking first is the smaller evil.
                if stat(to.at()).map_err(failed)?.is_some() {
                    return self.finish_move(from, to, to_path);
                }
                self.disk().rename(from.at(), to.at()).map_err(failed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// The name is taken: by the very thing that is to have it, or by another.
    fn finish_move(&self, from: &Spot, to: &Spot, to_path: &ArchivePath) -> Result<(), Error> {
        let failed = |error| Error::io("move something to", to_path, error);
        match same(from, to).map_err(failed)? {
            Same::Not => Err(Error::Occupied(to_path.clone())),
            // A crash between link and unlink.
            Same::SecondName => self.disk().unlink(from.at()).map_err(failed),
            Same::CaseVariant => self.disk().rename(from.at(), to.at()).map_err(failed),
        }
    }
}

/// Tries one name in the trash after another, until one is free.
pub(super) fn in_trash<T>(
    path: &ArchivePath,
    day: &str,
    attempt: impl Fn(&ArchivePath) -> Result<T, Error>,
) -> Result<(ArchivePath, T), Error> {
    let text = format!("{STATE}/{TRASH}/{day}/{path}");
    let leads_out = || Error::LeadsOut { text: day.to_owned(), path: TRASH.to_owned() };
    let wanted = ArchivePath::parse(&text).map_err(|_| leads_out())?;
    let fixed = wanted.parts().count() - path.parts().count();
    let parts: Vec<&str> = wanted.parts().collect();
    let mut numbers = vec![0; parts.len()];
    loop {
        let candidate = numbered(&parts, &numbers);
        let candidate = ArchivePath::parse(&candidate).map_err(|_| leads_out())?;
        match attempt(&candidate) {
            Ok(done) => return Ok((candidate, done)),
            Err(Error::Occupied(_)) => numbers[parts.len() - 1] += 1,
            // A file was trashed whose name a folder needs now.
            Err(Error::Blocked { by, .. }) if by.parts().count() > fixed => {
                numbers[by.parts().count() - 1] += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Says whether two names are of one thing.
pub(super) fn same(one: &Spot, other: &Spot) -> std::io::Result<Same> {
    let (Some(a), Some(b)) = (stat(one.at())?, stat(other.at())?) else { return Ok(Same::Not) };
    let identity = |stat: &Stat| (stat.st_dev, stat.st_ino);
    let cased = one.name != other.name && one.name.to_lowercase() == other.name.to_lowercase();
    Ok(match identity(&a) == identity(&b) {
        false => Same::Not,
        true if a.st_nlink == 1 || cased => Same::CaseVariant,
        true => Same::SecondName,
    })
}

/// The path with each part that has a number carrying it.
fn numbered(parts: &[&str], numbers: &[u32]) -> String {
    let last = parts.len() - 1;
    let named = parts.iter().zip(numbers).enumerate().map(|(i, (part, number))| match number {
        0 => (*part).to_owned(),
        n => with_number(part, *n, i == last),
    });
    named.collect::<Vec<_>>().join("/")
}

/// `name` with ` (n)`, before a file's extension, cut to what Linux can hold.
fn with_number(name: &str, n: u32, is_file: bool) -> String {
    const NAME_BYTES_MAX: usize = 255;
    const EXTENSION_BYTES_MAX: usize = 32;
    let is_extension = |dot: &usize| *dot > 0 && name.len() - dot <= EXTENSION_BYTES_MAX;
    let dot = name.rfind('.').filter(is_extension).filter(|_| is_file);
    let (stem, extension) = name.split_at(dot.unwrap_or(name.len()));
    let suffix = format!(" ({n}){extension}");
    let room = NAME_BYTES_MAX.saturating_sub(suffix.len());
    format!("{}{suffix}", &stem[..stem.floor_char_boundary(room)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_before_a_files_extension_and_after_a_folders_name() {
        for (name, is_file, expected) in [
            ("a.tar.gz", true, "a.tar (1).gz"),
            ("a", true, "a (1)"),
            (".hidden", true, ".hidden (1)"),
            ("v1.5", false, "v1.5 (1)"),
        ] {
            assert_eq!(with_number(name, 1, is_file), expected);
        }
        let long = format!("{}.jpg", "é".repeat(125));
        assert_eq!(with_number(&long, 12, true), format!("{} (12).jpg", "é".repeat(123)));
        let no_extension = format!("a.{}", "x".repeat(253));
        assert_eq!(with_number(&no_extension, 1, true), format!("a.{} (1)", "x".repeat(249)));
    }
}

//! Files that are written in place are the archive's alone.
//!
//! A file may have a second name outside the archive: somebody planted it, or keeps
//! older states of the archive as hard links (`cp -al`). What is written in place would
//! change there, too. Such a file gets a copy of itself in its place, and then belongs to
//! this name only.

use std::os::fd::AsFd as _;

use super::disk::Spot;
use super::{Archive, At, Error, Seen, Sort, links, stat};
use crate::model::ArchivePath;

/// What stands behind the name of a file while its copy is made.
const DRAFT: &str = ".own";

impl Archive {
    /// Sees to it that the file at `path`, if there is one, has no other name.
    ///
    /// # Errors
    ///
    /// [`Error::NotPlain`] if it is something else than a file; [`Error::Blocked`];
    /// [`Error::Io`], see [`Error::is_full`].
    pub fn make_own(&self, path: &ArchivePath) -> Result<(), Error> {
        let Some(spot) = self.spot(path)? else { return Ok(()) };
        let failed = |error| Error::io("look at", path, error);
        let Some(stat) = stat(spot.at()).map_err(failed)? else { return Ok(()) };
        if Seen::from_stat(&stat).sort != Sort::File {
            return Err(Error::NotPlain { path: path.to_string(), wanted: "a file" });
        }
        if stat.st_nlink > 1 { self.copy_over(path, &spot) } else { Ok(()) }
    }

    /// Says whether other names lead to the file at `path`. No if there is none.
    ///
    /// # Errors
    ///
    /// [`Error::Blocked`]; [`Error::Io`].
    pub fn has_other_names(&self, path: &ArchivePath) -> Result<bool, Error> {
        let Some(spot) = self.spot(path)? else { return Ok(false) };
        let found = stat(spot.at()).map_err(|error| Error::io("look at", path, error))?;
        Ok(found.is_some_and(|it| it.st_nlink > 1 && Seen::from_stat(&it).sort == Sort::File))
    }

    fn copy_over(&self, path: &ArchivePath, spot: &Spot) -> Result<(), Error> {
        let failed = |error| Error::io("copy", path, error);
        let mut source = self.open_file(path)?;
        if links(&source, path)? <= 1 {
            return Ok(());
        }
        let draft_path = self::draft(path)?;
        let draft =
            Spot { folder: self.reach(&draft_path)?.folder, name: draft_path.name().to_owned() };
        let file = self.open_alone(&draft, &draft_path)?;
        self.disk().truncate(&file, 0).map_err(failed)?;
        let mut written = 0;
        super::copies::pour(&mut source, path, &mut |bytes| {
            self.disk().write(&file, bytes, written).map_err(failed)?;
            written += bytes.len() as u64;
            Ok(())
        })?;
        let folder = spot.folder.as_fd();
        let put = self.disk().sync(file.as_fd()).and_then(|()| {
            self.disk().rename(draft.at(), At { folder, name: &spot.name })?;
            self.disk().sync(folder)
        });
        put.map_err(failed)
    }
}

fn draft(path: &ArchivePath) -> Result<ArchivePath, Error> {
    let name = format!("{}{DRAFT}", path.name());
    super::beneath::beneath(path.parent().as_ref(), &name)
}

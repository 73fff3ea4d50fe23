//! Finished downloads get their places, many at once, and are then durable.
//!
//! The order is what makes it safe at every moment: first the older file has its
//! second name in the trash, then that and the bytes are durable, then the new name
//! is given, then the names are durable; only then may the caller record it. After
//! a crash each file is either still staged or whole at its place.

use std::collections::HashSet;
use std::fs::File;
use std::os::fd::AsFd as _;

use rustix::io::Errno;

use super::beneath::Reached;
use super::disk::Spot;
use super::moves::{NO_LINK, Same, same};
use super::{Archive, Error, FEW, Ready, Seen, Sort, is_any, stat};
use crate::model::ArchivePath;

/// A finished download and where it belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placing {
    /// The download.
    pub ready: Ready,
    /// Where it belongs. The folders above it are made.
    pub path: ArchivePath,
    /// If an older file may be there: its free place in the trash, of
    /// [`Archive::place_in_trash`]. `None` where the path must be free.
    pub replaces: Option<ArchivePath>,
}

/// A download that is at its place, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where it is.
    pub path: ArchivePath,
    /// Its length in bytes, as the disk now states it.
    pub size_bytes: u64,
    /// Its time, as the disk now states it: file systems round. Nanoseconds since 1970.
    pub mtime_ns: i64,
    /// Where the older file is that was there before.
    pub trashed: Option<ArchivePath>,
}

/// What became of the older file.
enum Older {
    /// There was none.
    None,
    /// It has a second name in the trash, and still the first.
    Linked(ArchivePath),
    /// It was moved to the trash: this file system gives no second names.
    Moved(ArchivePath),
}

impl Archive {
    /// Gives finished downloads their places and returns when all that succeeded
    /// are durable, in the order of `batch`.
    ///
    /// # Errors
    ///
    /// For each by itself: [`Error::Occupied`] if something is at its path and it
    /// replaces nothing, or it is a folder; [`Error::Blocked`]; [`Error::Io`]. What
    /// failed before it was given its name is still staged.
    #[must_use]
    pub fn place(&self, batch: &[Placing]) -> Vec<Result<Placed, Error>> {
        let older: Vec<_> = batch.iter().map(|placing| self.make_way(placing)).collect();
        let all_durable = batch.len() > FEW && self.disk().sync_all(self.handle()).is_ok();
        let mut reached = Reached::default();
        let land = |(placing, older): (&Placing, Result<_, _>)| {
            self.land(placing, older?, all_durable, &mut reached)
        };
        let landed: Vec<_> = batch.iter().zip(older).map(land).collect();
        let names_durable = batch.len() > FEW && self.disk().sync_all(self.handle()).is_ok();
        let mut done = HashSet::new();
        let mut durable = |(placing, landed): (&Placing, Result<Option<ArchivePath>, Error>)| {
            let trashed = landed?;
            if !names_durable {
                self.sync_folders_of(&placing.path, &mut done)?;
            }
            Ok(trashed)
        };
        let durable: Vec<_> = batch.iter().zip(landed).map(&mut durable).collect();
        // By their whole paths again: a folder may have been renamed while they landed.
        let seen = self.look_all(batch.iter().map(|placing| &placing.path));
        let placed = batch.iter().zip(durable.into_iter().zip(seen));
        placed.map(|(placing, (trashed, seen))| placed_as(placing, trashed?, seen?)).collect()
    }

    /// Gives the older file its second name in the trash, or its only one.
    fn make_way(&self, placing: &Placing) -> Result<Older, Error> {
        let Some(trashed) = &placing.replaces else { return Ok(Older::None) };
        let to = self.reach(&placing.path)?;
        self.keep_older(&to, &placing.path, trashed)
    }

    /// Gives one download its name, and says where in the trash the older file is.
    fn land(
        &self,
        placing: &Placing,
        older: Older,
        is_durable: bool,
        reached: &mut Reached,
    ) -> Result<Option<ArchivePath>, Error> {
        let landed = self.give_place(placing, &older, is_durable, reached);
        match older {
            Older::None => landed.map(|()| None),
            Older::Linked(trashed) => {
                landed.inspect_err(|_| self.leave_trash(&trashed))?;
                Ok(Some(trashed))
            }
            Older::Moved(trashed) => {
                landed.inspect_err(|_| self.move_back(&trashed, &placing.path))?;
                Ok(Some(trashed))
            }
        }
    }

    /// The bytes, and the older file's name in the trash, are durable before the new name is
    /// given: after a power cut the new name may be there, and what was done before it not.
    fn give_place(
        &self,
        placing: &Placing,
        older: &Older,
        is_durable: bool,
        reached: &mut Reached,
    ) -> Result<(), Error> {
        let partial = placing.ready.name.path()?;
        if !is_durable {
            self.sync_file(&partial)?;
            if let Older::Linked(trashed) | Older::Moved(trashed) = older {
                self.sync_folders_of(trashed, &mut HashSet::new())?;
            }
        }
        let from = self.reach_once(&partial, reached)?;
        let to = self.reach_once(&placing.path, reached)?;
        if matches!(older, Older::Linked(_)) {
            let renamed = self.disk().rename(from.at(), to.at());
            return renamed.map_err(|error| Error::io("place", &placing.path, error));
        }
        self.move_new(&from, &to, &placing.path)
    }

    /// Reaches `path`'s folder, if it was not reached before in this batch.
    fn reach_once(&self, path: &ArchivePath, reached: &mut Reached) -> Result<Spot, Error> {
        let folder = reached.folder(path.parent(), |parent| self.reach_folder(parent))?;
        Ok(Spot { folder, name: path.name().to_owned() })
    }

    /// Takes the second name away again of an older file that keeps its place. Where that
    /// fails as well, it is a name too many and no loss.
    fn leave_trash(&self, trashed: &ArchivePath) {
        drop(self.purge_file(trashed));
    }

    /// Moves an older file back to its place, as far as that can be.
    fn move_back(&self, trashed: &ArchivePath, path: &ArchivePath) {
        if let (Ok(Some(from)), Ok(to)) = (self.spot(trashed), self.reach(path)) {
            drop(self.move_new(&from, &to, path));
        }
    }

    fn sync_file(&self, path: &ArchivePath) -> Result<(), Error> {
        let file: File = self.open_file(path)?;
        let synced = self.disk().sync(file.as_fd());
        synced.map_err(|error| Error::io("make durable", path, error))
    }

    /// Sees to it that the older file at `path` is in the trash.
    fn keep_older(
        &self,
        at: &Spot,
        path: &ArchivePath,
        trashed: &ArchivePath,
    ) -> Result<Older, Error> {
        let seen = stat(at.at()).map_err(|error| Error::io("look at", path, error))?;
        match seen.as_ref().map(|stat| Seen::from_stat(stat).sort) {
            None => return Ok(Older::None),
            Some(Sort::File | Sort::Symlink) => {}
            Some(Sort::Folder | Sort::Other) => return Err(Error::Occupied(path.clone())),
        }
        let linked = self.give_second_name(at, trashed)?;
        let trashed = trashed.clone();
        Ok(if linked { Older::Linked(trashed) } else { Older::Moved(trashed) })
    }

    /// Gives the file the name `wanted` too; `false` if that is now its only one.
    fn give_second_name(&self, at: &Spot, wanted: &ArchivePath) -> Result<bool, Error> {
        let spot = self.reach(wanted)?;
        let failed = |error| Error::io("keep the older file at", wanted, error);
        match self.disk().link(at.at(), spot.at()) {
            Ok(()) => Ok(true),
            // It is there already if a crash came after this very link.
            Err(error) if is_any(&error, &[Errno::EXIST]) => {
                match same(at, &spot).map_err(failed)? {
                    Same::Not => Err(Error::Occupied(wanted.clone())),
                    Same::SecondName | Same::CaseVariant => Ok(true),
                }
            }
            Err(error) if is_any(&error, NO_LINK) => {
                self.move_new(at, &spot, wanted)?;
                Ok(false)
            }
            Err(error) => Err(failed(error)),
        }
    }
}

/// A download at its place, as it is found there.
fn placed_as(
    placing: &Placing,
    trashed: Option<ArchivePath>,
    seen: Option<Seen>,
) -> Result<Placed, Error> {
    let path = placing.path.clone();
    let Some(Seen { size_bytes, mtime_ns, .. }) = seen else {
        return Err(Error::io("look at", &path, Errno::NOENT.into()));
    };
    Ok(Placed { path, size_bytes, mtime_ns, trashed })
}

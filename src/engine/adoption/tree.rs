//! The folder that is taken over: where it lies, and which program made it.

use std::path::{Path, PathBuf};

use crate::archive::{Ability, Archive};
use crate::engine::run::Run;
use crate::engine::{Error, Taking};
use crate::index;
use crate::index::adopted::Reading;
use crate::index::ancestor::Ancestor;
use crate::index::run::RunId;
use crate::model::{ArchivePath, Media, kind_of};
use crate::plan::{self, Area};

/// The index of the older gphotos-sync, in the root of its tree.
pub(super) const ANCESTORS_INDEX: &str = "gphotos.sqlite";

/// Where google-photos-takeout-helper puts everything, and what it writes of albums.
pub(super) const HELPERS_FOLDER: &str = "ALL_PHOTOS";
pub(super) const HELPERS_ALBUMS: &str = "albums-info.json";

/// Where the older gphotos-sync keeps the links of albums.
pub(super) const ANCESTORS_ALBUMS: [&str; 2] = ["albums", "sharedAlbums"];

/// The folders that the archive keeps for other things than pictures of no source.
const OWN: [&str; 2] = [".gphotos-sync", "albums"];

/// Which program made a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// The older gphotos-sync.
    Ancestor,
    /// google-photos-takeout-helper.
    Helper,
    /// A person, or a program that is not known.
    Anybody,
}

/// The folder that is taken over.
pub(super) struct Tree {
    /// What is in it.
    pub(super) disk: Archive,
    /// Where it is, without symlinks.
    pub(super) root: String,
    pub(super) how: Taking,
    pub(super) maker: Maker,
    /// Whether each folder is an album, where no program says.
    pub(super) is_album_each: bool,
    /// What the archive's paths have before those in the tree, where that lies in it.
    inside: Option<PathBuf>,
    /// Where the archive lies in the tree, if it does.
    archive_at: Option<ArchivePath>,
    run: RunId,
}

impl Tree {
    /// The one that this run is to take over.
    pub(super) fn open(run: &Run) -> Result<Option<Self>, Error> {
        let Some(wish) = &run.job.options.adopt else { return Ok(None) };
        let unusable = |why| Error::NotAdoptable { folder: wish.from.clone(), why };
        let root = wish.from.canonicalize().map_err(|_| unusable("there is no such folder"))?;
        let archive = run.job.archive.root();
        let archive = archive.canonicalize().or_else(|_| std::path::absolute(archive));
        let archive = archive.unwrap_or_else(|_| run.job.archive.root().to_owned());
        let text = root.to_str().ok_or_else(|| unusable("its path is no text (UTF-8)"))?;
        let inside = root.strip_prefix(&archive).ok().map(Path::to_owned);
        let below = archive.strip_prefix(&root).ok().and_then(Path::to_str);
        let disk = Archive::open(&root)?;
        let tree = Self {
            maker: maker(&disk)?,
            disk,
            root: text.to_owned(),
            how: wish.how,
            is_album_each: wish.albums_from_folders,
            archive_at: below.and_then(|below| ArchivePath::parse(below).ok()),
            inside,
            run: run.id,
        };
        match tree.inside.as_deref().and_then(top) {
            Some(top) if is_drives(top) => {
                Err(unusable("what lies there is Drive's: each run recognises it by its bytes"))
            }
            Some(top) if OWN.contains(&top) => Err(unusable("it is the archive's own")),
            _ => Ok(Some(tree)),
        }
    }

    /// Fails where nothing of it could be had in the way that is wanted: before anything is
    /// read, which may take hours.
    pub(super) fn must_be_reachable(&self, run: &Run) -> Result<(), Error> {
        if self.how != Taking::Link || self.inside.is_some() || run.is_dry() {
            return Ok(());
        }
        let folder = PathBuf::from(&self.root);
        if !run.job.archive.shares_disk_with(&self.disk)? {
            let why = "it lies on another file system";
            return Err(Error::Unlinkable { folder, why });
        }
        if !run.job.archive.can(Ability::HardLink)? {
            let why = "this file system gives no file a second name";
            return Err(Error::Unlinkable { folder, why });
        }
        Ok(())
    }

    /// The index of the older gphotos-sync, if that made the tree.
    pub(super) fn ancestor(&self) -> Result<Option<Ancestor>, index::Error> {
        match self.maker {
            Maker::Ancestor => Ancestor::open(&self.disk.root().join(ANCESTORS_INDEX)),
            Maker::Helper | Maker::Anybody => Ok(None),
        }
    }

    /// Says whether what lies in a folder, of which the path below the tree is told, lies there
    /// for an album, and has its name and its time by another folder.
    pub(super) fn is_albums(&self, folder: &str) -> bool {
        let top = folder.split('/').next().unwrap_or(folder);
        match self.maker {
            Maker::Ancestor => ANCESTORS_ALBUMS.contains(&top),
            Maker::Helper => {
                !folder.is_empty()
                    && top != HELPERS_FOLDER
                    && !is_helpers_year(top)
                    && !is_number(top)
            }
            Maker::Anybody => false,
        }
    }

    /// How it is known in the index.
    pub(super) fn reading(&self) -> Reading<'_> {
        Reading { root: &self.root, run: self.run }
    }

    /// The path in the archive of what is at `path` in the tree, if that lies in the archive.
    pub(super) fn in_archive(&self, path: &ArchivePath) -> Option<ArchivePath> {
        let whole = self.inside.as_ref()?.join(path.as_str());
        ArchivePath::parse(whole.to_str()?).ok()
    }

    /// Says whether the tree lies in the archive.
    pub(super) fn is_inside(&self) -> bool {
        self.inside.is_some()
    }

    /// Says whether a folder is not looked into: what the archive keeps for itself or for
    /// Drive, the archive itself, and what programs hide or make anew, such as previews.
    pub(super) fn leaves_out(&self, folder: &ArchivePath) -> bool {
        let name = folder.name();
        if name.starts_with('.') || name == "@eaDir" || self.archive_at.as_ref() == Some(folder) {
            return true;
        }
        let at = self.in_archive(folder);
        let is_top = at.as_ref().is_some_and(|at| at.parent().is_none());
        let is_albums = name == "albums" && self.maker != Maker::Ancestor;
        is_top && (is_drives(name) || is_albums)
    }
}

/// Says whether something is a picture or a film, by its name. macOS puts a file beside each
/// that begins with `._` and has no picture in it.
pub(super) fn is_media(name: &str) -> bool {
    !name.starts_with("._") && kind_of("", name) != Media::Other
}

fn top(path: &Path) -> Option<&str> {
    path.iter().next().and_then(|top| top.to_str())
}

fn is_drives(top: &str) -> bool {
    Area::ALL.into_iter().any(|area| area.folder() == top)
}

fn maker(disk: &Archive) -> Result<Maker, Error> {
    let has = |name: &str| -> Result<bool, Error> {
        let Ok(path) = ArchivePath::parse(name) else { return Ok(false) };
        Ok(disk.look(&path)?.is_some())
    };
    if has(ANCESTORS_INDEX)? {
        return Ok(Maker::Ancestor);
    }
    if has(HELPERS_FOLDER)? || has(HELPERS_ALBUMS)? {
        return Ok(Maker::Helper);
    }
    let mut has_years = false;
    disk.each_below(None, |entry| {
        has_years |= is_helpers_year(&entry.name);
        Ok::<_, Error>(())
    })?;
    Ok(if has_years { Maker::Helper } else { Maker::Anybody })
}

/// Says whether a folder is one of a year, a month or a day.
pub(super) fn is_number(name: &str) -> bool {
    name.bytes().all(|it| it.is_ascii_digit() || b"-_. ".contains(&it))
}

/// Says whether google-photos-takeout-helper gives a folder that name for a year's pictures.
pub(super) fn is_helpers_year(name: &str) -> bool {
    let year = name.strip_prefix("Photos from ");
    year.is_some_and(|year| year.len() == 4 && year.bytes().all(|it| it.is_ascii_digit()))
}

/// The month that folders are named after, as `2019/05` or `2019-05`, else the year: what the
/// nearest of them says, from its first day on.
pub(super) fn date_of_folders(
    path: &ArchivePath,
    now: chrono::DateTime<chrono::Utc>,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let folder = path.parent()?;
    let parts: Vec<_> = folder.parts().collect();
    let day = (0..parts.len()).rev().find_map(|i| {
        let joined = format!("{}-{}", i.checked_sub(1).map_or("", |i| parts[i]), parts[i]);
        month(&joined)
            .or_else(|| month(parts[i]))
            .or_else(|| chrono::NaiveDate::from_ymd_opt(plan::year_folder(parts[i], now)?, 1, 1))
    })?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc())
}

/// Reads `2019-05`.
fn month(text: &str) -> Option<chrono::NaiveDate> {
    let (year, month) = text.split_once('-')?;
    let is_number =
        |text: &str, digits| text.len() == digits && text.bytes().all(|it| it.is_ascii_digit());
    if !is_number(year, 4) || !is_number(month, 2) {
        return None;
    }
    let year = year.parse().ok().filter(|year| (1826..=9999).contains(year))?;
    chrono::NaiveDate::from_ymd_opt(year, month.parse().ok()?, 1)
}

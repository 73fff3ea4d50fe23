//! The folders in albums/, brought up to date by difference, album by album.
//!
//! Here it is decided which album has which folder, and in what order albums are
//! gone through: one that leaves a folder comes before the one that gets it. What is
//! done in each is in [`entries`]. They follow the source on every run; only an album
//! that is wholly gone keeps its folder until files may be removed.
//!
//! Of all albums only the names are held in memory, and of one at a time its items.
//! Nothing is recorded that is not durably on the disk: what a crash leaves in
//! between is found there again, and recorded then.

mod entries;
mod making;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use self::entries::Done;
use super::run::Run;
use super::{Albums, Error, Event, Phase, check};
use crate::archive::{self, Ability, Sort};
use crate::index::album_link::{self, Album, Link};
use crate::model::{ArchivePath, SourceId};
use crate::plan::{self, Act, AlbumMode, Child, Given, Move};

/// How many names change before that is made durable and recorded.
const BATCH: usize = 1000;

/// An album and its folder.
struct Planned {
    row: i64,
    /// The position of its last item.
    last: u64,
    /// The folder that it has; `None`: it has none.
    before: Option<Folder>,
    /// The folder that it shall have.
    after: Option<Folder>,
    /// The album of another source that is the same one.
    twin: Option<i64>,
    /// Whether nothing is to be known of it any more.
    forget: bool,
}

/// A folder, and the one that it was given for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Folder {
    wanted: String,
    path: ArchivePath,
}

/// What is done to an album. The number is its place among the planned ones.
enum Turn {
    /// Everything is taken out of its folder.
    Clear(usize),
    /// Its folder is made as it should be.
    Build(usize),
}

/// What was done and is not recorded yet, and how to do more of it.
struct Work {
    how: Albums,
    /// Whether the disk can do what is asked of it, once that was tried.
    is_able: Option<bool>,
    /// What of the archive's own is no longer where it was.
    removed: Vec<ArchivePath>,
    /// What stands for items, each with its album.
    made: Vec<(i64, Link)>,
    /// Albums with their new folders.
    folders: Vec<(i64, Option<Folder>)>,
    /// Albums of which nothing is to be known any more.
    forgotten: Vec<i64>,
    /// Where names came and went.
    touched: Vec<ArchivePath>,
}

/// Makes the folders of all albums as they should be.
pub(super) fn build(run: &mut Run) -> Result<(), Error> {
    let Some(how) = run.job.options.albums else { return Ok(()) };
    let albums = planned(run, how)?;
    if albums.is_empty() {
        return Ok(());
    }
    let standing = albums.iter().filter(|album| album.after.is_some()).count() as u64;
    if standing > 0 {
        run.phase(Phase::Albums { albums: standing });
    }
    let mut work = Work::new(how);
    let built = build_all(run, &mut work, &albums);
    // What was done before a failure is done.
    let recorded = work.record(run);
    built.and(recorded)
}

/// What is to become of the albums' folders, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Changes {
    /// New ones.
    pub made: u64,
    /// That get another name.
    pub renamed: u64,
    /// That go.
    pub removed: u64,
}

/// Says what is to become of the albums' folders, without doing it.
pub(super) fn changes(run: &Run, how: Albums) -> Result<Changes, Error> {
    let mut changes = Changes::default();
    for album in planned(run, how)? {
        match (album.before, album.after) {
            (None, Some(_)) => changes.made += 1,
            (Some(_), None) => changes.removed += 1,
            (Some(before), Some(after)) if before.path != after.path => changes.renamed += 1,
            _ => {}
        }
    }
    Ok(changes)
}

/// How many albums will have a folder as soon as something of theirs is fetched.
pub(super) fn waiting(run: &Run, how: Albums) -> Result<u64, Error> {
    if how.mode == AlbumMode::Nothing {
        return Ok(0);
    }
    let titles = album_link::waiting(&run.job.db)?;
    Ok(titles.iter().filter(|title| is_picked(run, title)).count() as u64)
}

fn build_all(run: &mut Run, work: &mut Work, albums: &[Planned]) -> Result<(), Error> {
    for turn in turns(albums) {
        run.may_go_on()?;
        let (album, after) = match turn {
            Turn::Clear(i) => (&albums[i], None),
            Turn::Build(i) => (&albums[i], albums[i].after.as_ref()),
        };
        match entries::bring_up_to_date(run, work, album, after)? {
            Done::All { made, removed } => {
                if let Some(folder) = after {
                    run.tell(Event::Linked { album: &folder.path, made, removed });
                }
            }
            Done::Unable => {
                run.tell(Event::Note(&unable(work.how.mode)));
                run.albums_unmade = Some(work.how.mode);
                return Ok(());
            }
        }
        // One that is cleared to be built again must not be told then that what another
        // has put there meanwhile is its own.
        let comes_again = after.is_none() && album.after.is_some();
        if comes_again || work.touched.len() >= BATCH {
            work.record(run)?;
        }
    }
    Ok(())
}

/// Says what a person can do on a disk that cannot do `mode`.
fn unable(mode: AlbumMode) -> String {
    let what = match mode {
        AlbumMode::Symlink => "has no symbolic links",
        AlbumMode::Hardlink => "gives files no second names (hard links)",
        AlbumMode::Reflink => "cannot share blocks between files (reflinks)",
        AlbumMode::Copy | AlbumMode::Nothing => "cannot hold them",
    };
    format!(
        "the albums were left as they are: this file system {what}; use --albums copy to build \
         them of copies, or --albums none"
    )
}

/// Decides on the folder of every album that has one or should.
fn planned(run: &Run, how: Albums) -> Result<Vec<Planned>, Error> {
    let albums = album_link::albums(&run.job.db)?;
    let twins = twins(run, &albums)?;
    let removes = may_remove(run);
    let mut by_parent: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
    let mut planned = Vec::with_capacity(albums.len());
    for (i, album) in albums.iter().enumerate() {
        let forget = album.gone && removes;
        if album.held > 0
            && !forget
            && how.mode != AlbumMode::Nothing
            && !twins.values().any(|twin| *twin == album.row)
            && (album.path.is_some() || is_new(run, album))
        {
            let names = run.job.options.names;
            let folder = plan::album_folder(&album.title, album.span, how.style, names);
            by_parent.entry(folder.parent).or_default().push((i, folder.name));
        }
        planned.push(Planned {
            row: album.row,
            last: album.last,
            before: album
                .path
                .clone()
                .map(|path| Folder { wanted: album.wanted.clone().unwrap_or_default(), path }),
            after: None,
            twin: twins.get(&album.row).copied(),
            forget,
        });
    }
    for (parent, members) in by_parent {
        let parent = ArchivePath::parse(&parent).map_err(|_| unusable(&parent))?;
        let folders = deal(run, &parent, &albums, &members)?;
        for ((i, _), folder) in members.into_iter().zip(folders) {
            planned[i].after = Some(folder);
        }
    }
    Ok(planned)
}

/// Which albums of Photos are albums of exports as well: the only two of their title, with a
/// file in common. The export knows more of them, so its album has the folder, and what Photos
/// has beside comes into that.
fn twins(run: &Run, albums: &[Album]) -> Result<BTreeMap<i64, i64>, Error> {
    let mut by_title: BTreeMap<&str, Vec<&Album>> = BTreeMap::new();
    for album in albums.iter().filter(|album| !album.gone && !album.title.is_empty()) {
        by_title.entry(&album.title).or_default().push(album);
    }
    let mut twins = BTreeMap::new();
    for alike in by_title.values() {
        let only = |source| {
            let mut of = alike.iter().filter(|album| album.source == source);
            of.next().filter(|_| of.next().is_none())
        };
        let (Some(of_export), Some(of_photos)) = (only(SourceId::Takeout), only(SourceId::Photos))
        else {
            continue;
        };
        if album_link::shares(&run.job.db, of_export.row, of_photos.row)? {
            twins.insert(of_export.row, of_photos.row);
        }
    }
    Ok(twins)
}

/// Says whether an album gets a folder that has none: one that is gone does not, nor one
/// that a person did not pick. One that stands is kept up to date in any case, since its
/// links must not dangle.
fn is_new(run: &Run, album: &Album) -> bool {
    !album.gone && is_picked(run, &album.title)
}

fn is_picked(run: &Run, title: &str) -> bool {
    run.job.options.picked.as_ref().is_none_or(|pick| pick.holds(title))
}

/// Says whether an album goes whose source says that it is gone: as for files, nothing
/// goes of a source that is in doubt or left alone.
fn may_remove(run: &Run) -> bool {
    run.job.options.removal.is_some()
        && run.job.options.photos.is_some()
        && run.doubt_of(SourceId::Photos).is_none()
        && run.refused.is_none()
}

/// Deals the names of the albums' folders in one folder. What is there and is no
/// folder keeps its name; a folder may be shared with a person's own files.
fn deal(
    run: &Run,
    parent: &ArchivePath,
    albums: &[Album],
    members: &[(usize, String)],
) -> Result<Vec<Folder>, Error> {
    let wishes: Vec<_> = members.iter().map(|(i, name)| wish(parent, &albums[*i], name)).collect();
    let mut taken = BTreeSet::new();
    loop {
        let names = plan::deal(&wishes, &taken, run.job.options.names);
        let before = taken.len();
        let mut folders = Vec::with_capacity(names.len());
        for (wish, name) in wishes.iter().zip(names) {
            let path = parent.join(&name).map_err(|_| unusable(&name))?;
            if is_in_the_way(run, &path)? {
                taken.insert(name);
            }
            folders.push(Folder { wanted: format!("{parent}/{}", wish.wanted), path });
        }
        if taken.len() == before {
            return Ok(folders);
        }
    }
}

/// What an album wants to be called in `parent`. The smaller id chooses first.
fn wish(parent: &ArchivePath, album: &Album, name: &str) -> Child {
    let wanted = format!("{parent}/{name}");
    let given = album.path.as_ref().filter(|_| album.wanted.as_ref() == Some(&wanted));
    Child {
        id: album.row,
        remote_id: album.remote_id.clone(),
        created_at_ms: 0,
        wanted: name.to_owned(),
        folder: true,
        given: given.map(|path| Given { wanted: name.to_owned(), name: path.name().to_owned() }),
        still: None,
    }
}

fn is_in_the_way(run: &Run, path: &ArchivePath) -> Result<bool, Error> {
    // Where something is in the way further up, or the name is too long, making the folder
    // will say so.
    let seen = check::look(&run.job.archive, path)?;
    Ok(seen.is_some_and(|seen| seen.sort != Sort::Folder))
}

/// The order in which each album finds the folder free that it gets: first those that
/// have none any more, then those that change theirs, then the rest. Where folders
/// change hands in a circle, one album is cleared first.
fn turns(albums: &[Planned]) -> Vec<Turn> {
    let all = || 0..albums.len();
    let ends = |i: usize| albums[i].before.as_ref().zip(albums[i].after.as_ref());
    let is_mover = |i: usize| ends(i).is_some_and(|(before, after)| before.path != after.path);
    let movers: Vec<_> = all().filter(|&i| is_mover(i)).collect();
    let renames = movers
        .iter()
        .filter_map(|&i| ends(i))
        .map(|(before, after)| Move { from: before.path.clone(), to: after.path.clone() });
    let acts = plan::untangle(&renames.collect::<Vec<_>>());
    let moving = acts.into_iter().map(|act| match act {
        Act::Lift(i) => Turn::Clear(movers[i]),
        Act::Rename(i) | Act::Settle(i) => Turn::Build(movers[i]),
    });
    let leaving = all().filter(|&i| albums[i].after.is_none()).map(Turn::Clear);
    let rest = all().filter(|&i| albums[i].after.is_some() && !is_mover(i)).map(Turn::Build);
    leaving.chain(moving).chain(rest).collect()
}

fn unusable(name: &str) -> Error {
    archive::Error::LeadsOut { text: name.to_owned(), path: "an album".to_owned() }.into()
}

impl Work {
    fn new(how: Albums) -> Self {
        Self {
            how,
            is_able: None,
            removed: Vec::new(),
            made: Vec::new(),
            folders: Vec::new(),
            forgotten: Vec::new(),
            touched: Vec::new(),
        }
    }

    /// Says whether the disk can do what is asked of it.
    fn is_able(&mut self, run: &Run) -> Result<bool, Error> {
        if let Some(known) = self.is_able {
            return Ok(known);
        }
        let ability = match self.how.mode {
            AlbumMode::Symlink => Some(Ability::Symlink),
            AlbumMode::Hardlink => Some(Ability::HardLink),
            AlbumMode::Reflink => Some(Ability::Reflink),
            AlbumMode::Copy | AlbumMode::Nothing => None,
        };
        let able = match ability {
            Some(ability) => run.job.archive.can(ability)?,
            None => true,
        };
        self.is_able = Some(able);
        Ok(able)
    }

    /// Makes durable what was done, and records it.
    fn record(&mut self, run: &mut Run) -> Result<(), Error> {
        if self.is_empty() {
            return Ok(());
        }
        run.job.archive.make_durable(&self.touched)?;
        run.in_transaction(|db| {
            self.removed.iter().try_for_each(|path| album_link::remove(db, path))?;
            self.made.iter().try_for_each(|(album, link)| album_link::put(db, *album, link))?;
            // All leave their old folders before any takes its new one.
            let mut folders = self.folders.iter();
            folders.try_for_each(|(album, _)| album_link::set_folder(db, *album, None))?;
            for (album, folder) in &self.folders {
                let folder = folder.as_ref().map(|to| (to.wanted.as_str(), &to.path));
                album_link::set_folder(db, *album, folder)?;
            }
            Ok(self.forgotten.iter().try_for_each(|album| album_link::forget_album(db, *album))?)
        })?;
        *self = Self { is_able: self.is_able, ..Self::new(self.how) };
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.removed.is_empty()
            && self.made.is_empty()
            && self.folders.is_empty()
            && self.forgotten.is_empty()
            && self.touched.is_empty()
    }
}

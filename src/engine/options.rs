//! What a run is to do, as decided before it begins.

use std::num::NonZeroU64;
use std::path::PathBuf;

use crate::plan::{
    AlbumMode, AlbumPick, AlbumStyle, MaxDelete, NameRules, PhotosSelection, Selection,
};

/// What a run is to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Options {
    /// How far the run goes.
    pub reach: Reach,
    /// Whether anything is done at all.
    pub effect: Effect,
    /// What was typed for this run alone leaves something out: it does not count as one
    /// after which the archive has everything.
    pub part: bool,
    /// Forget what was listed, and list everything again.
    pub flush: bool,
    /// List all of Photos, though the last such listing is younger than a week.
    pub rescan: bool,
    /// Do not look whether the recorded files are still as they were left.
    pub quick: bool,
    /// What is taken from Drive; `None` leaves Drive alone.
    pub drive: Option<Selection>,
    /// What is taken from Photos; `None` leaves Photos alone.
    pub photos: Option<PhotosSelection>,
    /// What is taken from Google Takeout's exports; `None` leaves them alone.
    pub takeout: Option<PhotosSelection>,
    /// The exports that are taken in; empty: those that are found in Drive.
    pub exports: Vec<PathBuf>,
    /// Have it worked out anew, from the sidecars that the index keeps, what belongs to what.
    pub reindex_exports: bool,
    /// Nothing is fetched but what exports have.
    pub only_exports: bool,
    /// The folder of pictures that is taken over; `None`: none is.
    pub adopt: Option<Adopt>,
    /// How albums are built; `None` leaves them alone.
    pub albums: Option<Albums>,
    /// Which albums get a folder, also where Photos is left alone; `None`: all.
    pub picked: Option<AlbumPick>,
    /// XMP files stand beside pictures of which something is told.
    pub xmp: bool,
    /// No folder for each year in photos/.
    pub flat: bool,
    /// What names may look like.
    pub names: NameRules,
    /// Whether and how files go whose item is gone; `None`: nothing is removed.
    pub removal: Option<Removal>,
    /// How many files are fetched at a time, at most. At least 1.
    pub transfers: usize,
    /// How many requests Photos may be sent in a day; `None`: as Google allows.
    pub daily_requests: Option<u64>,
    /// How many bytes are fetched in a second, at most; `None`: as many as come.
    pub bytes_per_second: Option<NonZeroU64>,
}

/// A folder of pictures that is taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopt {
    /// Which one.
    pub from: PathBuf,
    /// How its files come into the archive.
    pub how: Taking,
    /// Each folder in it that is not named after a year or a month is an album, where no
    /// program says which are.
    pub albums_from_folders: bool,
}

/// How the files of a folder come into the archive. What lies in the archive already is moved
/// within it in each of these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taking {
    /// By a second name: they lie in both, and take the room of one.
    Link,
    /// They are taken away where they lay, once the archive has them.
    Move,
    /// As copies.
    Copy,
    /// By a second name, or where that cannot be as copies: to have again what was taken over.
    Any,
}

/// How albums are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Albums {
    /// What stands in them.
    pub mode: AlbumMode,
    /// How they are named.
    pub style: AlbumStyle,
}

/// How files go whose item is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// How many may go in one run.
    pub max: MaxDelete,
    /// For how many days they stay in the trash; 0: they are deleted at once.
    pub keep_days: u32,
}

/// Whether what is planned is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Effect {
    /// It is.
    #[default]
    Done,
    /// It is only told: a dry run. The run is given a copy of the index and an archive
    /// that cannot be changed.
    Told,
}

/// How far a run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Ask Google what there is, then make the archive so.
    #[default]
    Whole,
    /// Ask Google what there is, and fetch nothing.
    IndexOnly,
    /// Make the archive as the index already says.
    SkipIndex,
}

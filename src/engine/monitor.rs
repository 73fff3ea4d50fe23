//! What happens in a run, as it happens, for whoever shows it.

use super::Wrong;
use crate::model::{ArchivePath, ItemKey, SourceId};

/// Is told what happens in a run. Every method returns at once.
pub trait Monitor: Send + Sync {
    /// Takes notice of `event`.
    fn on(&self, event: Event<'_>);
}

/// Something that happened in a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// The run goes on to its next part.
    Phase(Phase),
    /// So many items more were listed.
    Listed {
        /// By which source.
        source: SourceId,
        /// How many more.
        items: u64,
    },
    /// What is in an album was read.
    AlbumRead,
    /// So many sidecars more of exports were read.
    SidecarsRead {
        /// How many more.
        sidecars: u64,
    },
    /// So many items more were looked for among what the archive has.
    Compared {
        /// How many more.
        items: u64,
    },
    /// So many recorded files more were looked at on the disk.
    Checked {
        /// How many more.
        files: u64,
    },
    /// A file was moved within the archive.
    Moved {
        /// Where it was.
        from: &'a ArchivePath,
        /// Where it is.
        to: &'a ArchivePath,
    },
    /// A file's bytes begin to come.
    Started {
        /// Where they will be.
        path: &'a ArchivePath,
        /// How many there are in all, where that is known.
        size_bytes: Option<u64>,
    },
    /// So many bytes of a file are there from an earlier run, and need not come.
    Resumed {
        /// How many.
        bytes: u64,
    },
    /// So many bytes more came, of any file.
    Received {
        /// How many more.
        bytes: u64,
    },
    /// A file's bytes are all there and verified. It waits to be given its name, together
    /// with others.
    Fetched {
        /// Where it will be, as it was said when its bytes began to come.
        path: &'a ArchivePath,
    },
    /// A file is whole, verified, at its name and recorded.
    Saved {
        /// Where it is.
        path: &'a ArchivePath,
        /// Its length.
        size_bytes: u64,
        /// Whether an older state of it was there before.
        replaced: bool,
    },
    /// An item's bytes came, and turned out to be there already.
    Recognised {
        /// Where it would have been.
        path: &'a ArchivePath,
        /// The file that has them.
        held_by: &'a ArchivePath,
    },
    /// A file went to the trash, because its item is gone.
    Removed {
        /// Where it was.
        path: &'a ArchivePath,
        /// Where it is.
        to: &'a ArchivePath,
    },
    /// A file is back from the trash.
    Restored {
        /// Where it is.
        path: &'a ArchivePath,
        /// Its length.
        size_bytes: u64,
    },
    /// An item could not be saved. The run goes on; the next one tries again.
    Failed {
        /// Which item.
        key: &'a ItemKey,
        /// Where it would be.
        path: &'a str,
        /// Why, in words for a person.
        reason: &'a str,
    },
    /// A dry run tells a step that another run would do.
    Planned(Planned<'a>),
    /// A verification found something wrong.
    Wrong {
        /// With what file or link; of a row of the index its path, title or description.
        path: &'a str,
        /// What.
        wrong: Wrong,
    },
    /// A verification found a file in the trees that the index knows nothing of.
    Foreign {
        /// Where it is.
        path: &'a str,
    },
    /// An album's folder is as it should be.
    Linked {
        /// The folder.
        album: &'a ArchivePath,
        /// How many entries were made in it, or changed.
        made: u64,
        /// How many were taken out of it.
        removed: u64,
    },
    /// Something a person should know of, once.
    Note(&'a str),
}

/// A step that a dry run tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planned<'a> {
    /// A file comes.
    Add {
        /// Where it will be.
        path: &'a ArchivePath,
    },
    /// A file's bytes are replaced.
    Change {
        /// Where they will be.
        path: &'a ArchivePath,
    },
    /// A file, or a folder with all that is in it, is moved.
    Move {
        /// Where it is.
        from: &'a ArchivePath,
        /// Where it will be.
        to: &'a ArchivePath,
    },
    /// A file goes to the trash.
    Remove {
        /// Where it is.
        path: &'a ArchivePath,
    },
}

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Asking a source what it has.
    Listing {
        /// Which source.
        source: SourceId,
        /// Whether everything is listed, not only what changed.
        everything: bool,
    },
    /// Asking Google what is in albums.
    ReadingAlbums {
        /// How many are read.
        albums: u64,
    },
    /// Finding out what is in parts of Takeout's exports.
    ReadingExports {
        /// How many parts.
        parts: u64,
        /// How many bytes those of them have of which all is read; of zips little is.
        bytes: u64,
    },
    /// Reading sidecars of exports that are not known.
    ReadingSidecars {
        /// How many.
        sidecars: u64,
    },
    /// Looking at the files on the disk.
    Checking {
        /// How many there are.
        files: u64,
    },
    /// Deciding.
    Planning,
    /// Looking for items among what the archive has, before they are fetched.
    Comparing {
        /// How many.
        items: u64,
    },
    /// Moving files within the archive.
    Moving {
        /// How many.
        files: u64,
    },
    /// Fetching files.
    Fetching {
        /// How many.
        files: u64,
        /// How many bytes, as far as Google states them.
        bytes: u64,
    },
    /// Reading saved files and comparing them with what was recorded.
    Verifying {
        /// How many are looked for.
        files: u64,
        /// About how many bytes are read.
        bytes: u64,
    },
    /// Bringing the albums' folders up to date.
    Albums {
        /// How many albums have one.
        albums: u64,
    },
    /// Moving files to the trash whose items are gone.
    Removing {
        /// How many.
        files: u64,
    },
    /// Making links, writing the manifest and the backup copy of the index.
    Finishing,
}

//! Places that items come from. None of them can be written to.
//!
//! To add one, add a file here and a line where the engine is given its sources.

pub mod drive;
mod lenient;
mod one_file;
pub mod photos;
pub mod picker;
pub mod takeout;

use std::fmt;
use std::path::PathBuf;

use async_trait::async_trait;
use bytes::Bytes;

use crate::google;
use crate::model::{Cursor, Item, Lies, Packed, Page, Part, Question, RemoteId, Revision, Sheet};

/// Why a source could not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Google, after retries.
    #[error(transparent)]
    Google(#[from] google::Error),
    /// The cursor is too old or was never good: only a listing from the start helps.
    #[error("Google no longer accepts the place where the listing stopped")]
    CursorRefused,
    /// The listing goes on and on, and brings nothing new.
    #[error(
        "Google's listing does not come to an end: its last {pages} pages had nothing new on them"
    )]
    Endless {
        /// How many pages in a row.
        pages: u64,
    },
    /// The item is not there, or not for this account: Google does not tell which.
    #[error("the item is gone, or no longer shared with this account")]
    Gone,
    /// The item is there, and its bytes are not to be had.
    #[error("{0}")]
    Withheld(Withheld),
    /// A file or folder of this machine cannot be read.
    #[error("{} could not be read", path.display())]
    Local {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is nothing that Takeout makes.
    #[error(
        "{} is no part of a Takeout export: it is no zip, no tgz and no folder; name the files as \
         they were downloaded, or a folder that has them unpacked",
        path.display()
    )]
    NoPart {
        /// Which one.
        path: PathBuf,
    },
    /// What lies in an archive is not what the archive states. The reading can go on with the
    /// next entry.
    #[error(transparent)]
    Broken(takeout::Trouble),
}

/// Why an item's bytes are not to be had, though the item is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// Its owner allows no downloads.
    ByOwner,
    /// Google found malware in it, and hands it to its owner only.
    AsAbusive,
    /// It was downloaded too often today, by anybody.
    ForToday,
    /// There is no export of it in any format.
    NotExportable,
    /// A film that Google has not made ready yet.
    StillProcessing,
    /// The same, of one that was picked, which no other run can fetch.
    NotReady,
    /// A film that Google could not make ready.
    NotProcessed,
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByOwner => "its owner does not allow downloading it",
            Self::AsAbusive => "Google holds it back as malware or spam",
            Self::ForToday => "Google's daily download limit for this file is reached",
            Self::NotExportable => "Google offers no export of it",
            Self::StillProcessing => {
                "Google is still processing this video; the next run tries again"
            }
            Self::NotReady => "Google is still processing this video",
            Self::NotProcessed => {
                "Google could not process this video, and hands out nothing of it"
            }
        })
    }
}

/// An item whose bytes are asked for, and from where.
#[derive(Clone, Debug, PartialEq)]
pub struct Want {
    /// Which item, as it was when it was listed.
    pub item: Item,
    /// The revision that is asked for.
    pub revision: Revision,
    /// The format to export a native document in, as a MIME type.
    pub export: Option<String>,
    /// How many of its first bytes are there already.
    pub from_byte: u64,
    /// Where it lies, of a source whose items lie in archives.
    pub within: Option<Within>,
}

impl Want {
    /// Whether its bytes lie on this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.within.as_ref().is_some_and(|it| matches!(it.part.lies, Lies::OnDisk(_)))
    }
}

/// Where an item's bytes lie in an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Within {
    /// The archive.
    pub part: Part,
    /// The entry.
    pub packed: Packed,
}

/// What a source answers when it is asked for one item by its id.
#[derive(Clone, Debug, PartialEq)]
pub enum Presence {
    /// It is there, and this is what it is like now.
    Present(Box<Item>),
    /// It is not there, or not for this account: Google does not tell which.
    Absent,
}

/// A place that hands over bytes. It cannot be written to.
#[async_trait]
pub trait Origin: Send + Sync {
    /// Returns how many of the first of `wants` one request reads best: 1, unless
    /// they lie near each other in one archive.
    fn together(&self, wants: &[Want]) -> usize {
        wants.len().min(1)
    }

    /// Takes notice of what will be opened soon, in that order, so that what opening
    /// needs can be asked for together. Sends nothing.
    fn look_ahead(&self, _ids: &[RemoteId]) {}

    /// Opens the bytes of `wants`, as many as [`Self::together`] said.
    ///
    /// # Errors
    ///
    /// [`Error::Gone`], [`Error::Withheld`], [`Error::Google`].
    async fn open(&self, wants: &[Want]) -> Result<Box<dyn Reading>, Error>;
}

/// An [`Origin`] that can list what it has. (Takeout cannot: what its items are is known
/// only when all that lies in its archives was read.)
#[async_trait]
pub trait Source: Origin {
    /// Returns where a listing of everything begins.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    async fn start(&self) -> Result<Cursor, Error>;

    /// Returns a page of a listing of everything, or of a part of it.
    ///
    /// # Errors
    ///
    /// [`Error::CursorRefused`] if its page token is no longer good; [`Error::Google`].
    async fn list(&self, question: &Question) -> Result<Sheet, Error>;

    /// Returns the page at `cursor`.
    ///
    /// Asking again with the same cursor gives the same or newer news, never
    /// less: the caller records the page and its next cursor together, and a
    /// crash between the two asks again.
    ///
    /// # Errors
    ///
    /// [`Error::CursorRefused`] if the listing must begin anew, or if it is one that is
    /// read by [`Self::list`]; [`Error::Google`].
    async fn page(&self, cursor: &Cursor) -> Result<Page, Error>;

    /// How many ids one call of [`Self::ask`] takes at most.
    fn asks_at_once(&self) -> usize;

    /// Asks for items by their ids, and answers in the order of `ids`: what a listing
    /// left out is gone only when this says so too.
    ///
    /// # Errors
    ///
    /// [`Error::Google`], if it is not known of all of them.
    async fn ask(&self, ids: &[RemoteId]) -> Result<Vec<Presence>, Error>;
}

/// The bytes of one or more wanted items, as they arrive, one item after another.
#[async_trait]
pub trait Reading: Send {
    /// Goes on to the next item, whether the one before was read to its end or not, and says which of the wants it is and at which
    /// byte it begins; `None` after the last. A source may begin earlier than it
    /// was asked to (an export has no ranges), never later.
    ///
    /// # Errors
    ///
    /// As [`Origin::open`]; [`Error::Broken`] of an item in an archive, after which the next
    /// may be gone on to.
    async fn entry(&mut self) -> Result<Option<Entry>, Error>;

    /// Returns the next bytes of this item; `None` at its end.
    ///
    /// # Errors
    ///
    /// [`Error::Google`] if the connection was cut: open again from where it was;
    /// [`Error::Broken`], after the last bytes too, if they are not what an archive states.
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error>;
}

/// One item of a [`Reading`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the wants.
    pub index: usize,
    /// Of its bytes, the first that comes.
    pub from_byte: u64,
    /// How long the whole item is, where the source says so now.
    pub size_bytes: Option<u64>,
}

//! The words for Google Takeout's exports: parts, what lies in them, and what their
//! sidecars tell. Plain values; how an export is put together is in `source::takeout`, what
//! belongs to what is decided in `plan::takeout`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Crc32, RemoteId};

/// One file that a part of an export is, or a folder that was unpacked from one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where it is.
    pub lies: Lies,
    /// How it is put together.
    pub format: PartFormat,
    /// Its length in bytes; 0 of a folder.
    pub size_bytes: u64,
}

/// Where a part of an export is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lies {
    /// In Google Drive, as the file of that id.
    InDrive(RemoteId),
    /// On a disk of this machine.
    OnDisk(PathBuf),
}

/// How a part of an export is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartFormat {
    /// Read at any place, by its directory at the end.
    Zip,
    /// A tar archive under gzip: read from its first byte to its last.
    Tgz,
    /// Unpacked already.
    Folder,
}

impl PartFormat {
    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tgz => "tgz",
            Self::Folder => "folder",
        }
    }

    /// Reads the word that [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Zip, Self::Tgz, Self::Folder].into_iter().find(|format| format.as_str() == word)
    }
}

/// A file that lies in a part, as the part states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its path in the export, with '/' between the parts: never absolute, without `.`, `..`
    /// and empty parts, and without control characters.
    pub path: String,
    /// Its length in bytes, unpacked.
    pub size_bytes: u64,
    /// The CRC-32 of its bytes. A zip states it; of others it is known when they were read.
    pub crc32: Option<Crc32>,
    /// At which byte of the part its local header begins (zip), or how many entries were
    /// before it (all others).
    pub at: u64,
    /// How many bytes it takes in the part, without its header.
    pub packed_bytes: u64,
    /// How it is packed.
    pub packing: Packing,
}

/// How an entry is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// As it is: it can be read from any byte on.
    Stored,
    /// With DEFLATE: it is read from its first byte on.
    Deflated,
    /// It lies in what is read once, from the first byte on.
    InStream,
}

impl Packing {
    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Deflated => "deflated",
            Self::InStream => "stream",
        }
    }

    /// Reads the word that [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Stored, Self::Deflated, Self::InStream].into_iter().find(|it| it.as_str() == word)
    }
}

/// What a sidecar tells of one picture or film.
#[derive(Clone, Debug, Default, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact that Google states")]
pub struct Sidecar {
    /// The name that it had when it was uploaded.
    pub title: String,
    /// When it was taken (`photoTakenTime`), to the second; may be before 1970.
    pub taken_at: Option<DateTime<Utc>>,
    /// When it was uploaded (`creationTime`).
    pub uploaded_at: Option<DateTime<Utc>>,
    /// The description that a person gave it; `None` where that is empty.
    pub description: Option<String>,
    /// Degrees north and east, -90 to 90 and -180 to 180; `None` where both are 0.
    pub place: Option<(f64, f64)>,
    /// Who is in it, as the account's owner called them.
    pub people: Vec<String>,
    /// A favourite.
    pub favourite: bool,
    /// Archived.
    pub archived: bool,
    /// In the trash of Photos.
    pub trashed: bool,
    /// In the locked folder.
    pub locked: bool,
    /// How it came into the library: the first key of `googlePhotosOrigin`, such as `mobileUpload`
    /// or `fromPartnerSharing`.
    pub origin: Option<String>,
    /// Its address in Photos.
    pub url: Option<String>,
}

/// What an album's metadata tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlbumSidecar {
    /// Its title; empty where it has none.
    pub title: String,
    /// What a person wrote of it; `None` where that is empty.
    pub description: Option<String>,
    /// `date.timestamp`.
    pub date: Option<DateTime<Utc>>,
}

/// What a JSON file in an export is.
#[derive(Clone, Debug, PartialEq)]
pub enum SidecarKind {
    /// It tells of a picture or a film.
    Media(Box<Sidecar>),
    /// It tells of the album that its folder is.
    Album(AlbumSidecar),
    /// Neither: print orders, comments and the like.
    Other,
}

/// What the name of a part tells.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PartName {
    /// The export that it is of: `takeout-20250921T1994402Z`.
    pub export: String,
    /// Which of several archives of that export that were asked for at once, where the name
    /// says it: `3` in `takeout-20250921T1994402Z-3-009.zip`.
    pub group: Option<u32>,
    /// Its number, from 1.
    pub number: u32,
    /// Which second copy a browser or a person made of it: ` (1)` is 1.
    pub copy: u32,
    /// By its extension.
    pub is_zip: bool,
}

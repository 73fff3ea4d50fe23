//! What a source has: files, folders, documents, shortcuts.

use chrono::{DateTime, Utc};

use super::{ItemKey, Md5, RemoteId, Revision, Sha256};

/// One item as its source last described it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Which item.
    pub key: ItemKey,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its name at the source, with whatever characters the source allows.
    pub title: String,
    /// Its MIME type, as the source states it.
    pub mime_type: String,
    /// The folders it is in, the first one first. Empty for roots, orphans and
    /// what others share.
    pub parents: Vec<RemoteId>,
    /// Its length in bytes, where the source states one.
    pub size_bytes: Option<u64>,
    /// The MD5 of its bytes, where the source states one.
    pub md5: Option<Md5>,
    /// The SHA-256 of its bytes, where the source states one.
    pub sha256: Option<Sha256>,
    /// The state of its bytes; `None` where it has none to fetch.
    pub revision: Option<Revision>,
    /// When it was made at the source.
    pub created_at: Option<DateTime<Utc>>,
    /// When its content last changed, by the source's word.
    pub modified_at: Option<DateTime<Utc>>,
    /// Whether the account owns it.
    pub owned: bool,
    /// What it is to the account beside that.
    pub marks: Marks,
    /// What the source knows of the picture or the film.
    pub shot: Shot,
    /// The description that a person gave it.
    pub description: Option<String>,
}

/// Yes-or-no facts of an item. A struct of its own, so that they are always named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact that Google states")]
pub struct Marks {
    /// In the source's own trash, by itself or with its folder.
    pub trashed: bool,
    /// Starred in Drive, a favourite in Photos.
    pub favourite: bool,
    /// The source will not hand over its bytes (Drive: `capabilities.canDownload` is false).
    pub withheld: bool,
    /// A root folder of a backed-up computer (Drive: owned, without parents, not shareable).
    pub computer: bool,
    /// Lies in a shared drive, which this version does not back up.
    pub in_shared_drive: bool,
}

/// What sort of thing an item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Bytes.
    File,
    /// A folder.
    Folder,
    /// A Google Docs, Sheets, Slides, ... document: no bytes, perhaps exports.
    Native,
    /// A pointer to another item.
    Shortcut {
        /// Where it points. The item may be of any kind, or not be there.
        target: RemoteId,
    },
}

impl Kind {
    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Native => "native",
            Self::Shortcut { .. } => "shortcut",
        }
    }
}

/// What is known of a picture or a film beside its bytes. Nothing in it is certain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shot {
    /// When it was taken, and how that is known.
    pub taken: Option<(DateTime<Utc>, TakenFrom)>,
    /// Width in pixels, as shown.
    pub width: Option<u32>,
    /// Height in pixels, as shown.
    pub height: Option<u32>,
    /// Maker and model of the camera.
    pub camera: Option<String>,
    /// Degrees north, -90 to 90.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    pub longitude: Option<f64>,
    /// Length of a film, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// How the time at which a picture was taken is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TakenFrom {
    /// The source states the instant (Photos' `creationTime`, Takeout's `photoTakenTime`).
    Google,
    /// EXIF with its own offset from UTC, or the UTC time that a film's header holds.
    ExifOffset,
    /// EXIF's GPS time, which is UTC.
    ExifGps,
    /// EXIF without an offset, taken as UTC.
    ExifUtc,
    /// Drive's `imageMediaMetadata.time`, which has no offset, taken as UTC.
    DriveUtc,
    /// A date in the file's name.
    Name,
    /// The time of a file that a program had set to the one that Google states.
    FileTime,
    /// The year, or the month, in its folder's name.
    Folder,
}

impl TakenFrom {
    /// All of them, best first.
    pub const ALL: [Self; 8] = [
        Self::Google,
        Self::ExifOffset,
        Self::ExifGps,
        Self::ExifUtc,
        Self::DriveUtc,
        Self::Name,
        Self::FileTime,
        Self::Folder,
    ];

    /// The word for it in the index (`v_files.taken_from`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::ExifOffset => "exif_offset",
            Self::ExifGps => "exif_gps",
            Self::ExifUtc => "exif_utc",
            Self::DriveUtc => "drive_utc",
            Self::Name => "name",
            Self::FileTime => "file_time",
            Self::Folder => "folder",
        }
    }

    /// Reads the word [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|from| from.as_str() == text)
    }
}

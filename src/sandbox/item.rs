//! What the world's Drive holds: files, folders, documents, shortcuts.
//!
//! Each is described in one line (`Item::file("a", "a.jpg", b"...").starred()`)
//! and given to the world; how Drive would show it is the business of `view`.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::content::{Blob, Content};

/// The MIME type of folders.
pub(super) const FOLDER: &str = "application/vnd.google-apps.folder";
/// The MIME type of shortcuts.
pub(super) const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
/// The name by which every account may call its root folder.
pub(super) const ROOT_ALIAS: &str = "root";

/// One item of the world's Drive, before and after it is added to it.
///
/// Unless told otherwise it lies in My Drive's root, is owned by the account,
/// and gets times of its own from the world.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact that Drive states")]
pub struct Item {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) mime: Cow<'static, str>,
    pub(super) kind: Kind,
    pub(super) parents: Vec<String>,
    pub(super) created: Option<DateTime<Utc>>,
    pub(super) modified: Option<DateTime<Utc>>,
    pub(super) version: u64,
    pub(super) revision: u64,
    /// Somebody else's address, if it is not the account's own.
    pub(super) owner: Option<String>,
    /// The shared drive that it is in.
    pub(super) drive: Option<String>,
    pub(super) trashed: bool,
    pub(super) explicitly_trashed: bool,
    pub(super) starred: bool,
    pub(super) shareable: bool,
    pub(super) downloadable: bool,
    pub(super) abusive: bool,
    pub(super) md5_only: bool,
    pub(super) description: Option<String>,
    pub(super) image: Option<Box<Value>>,
    pub(super) video: Option<Box<Value>>,
    /// Bytes that are served instead of those that are described.
    pub(super) served: Option<Content>,
}

/// What sort of thing an item is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    File(Blob),
    Folder,
    /// A document and its exports: MIME type and bytes.
    Native(Vec<(Cow<'static, str>, Content)>),
    Shortcut {
        target: String,
    },
}

impl Item {
    fn new(id: &str, name: &str, mime: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            mime: mime.into(),
            kind,
            parents: vec![ROOT_ALIAS.to_owned()],
            created: None,
            modified: None,
            version: 1,
            revision: 1,
            owner: None,
            drive: None,
            trashed: false,
            explicitly_trashed: false,
            starred: false,
            shareable: true,
            downloadable: true,
            abusive: false,
            md5_only: false,
            description: None,
            image: None,
            video: None,
            served: None,
        }
    }

    /// A file with bytes. Its MIME type follows from the extension of its name.
    #[must_use]
    pub fn file(id: &str, name: &str, content: impl Into<Content>) -> Self {
        Self::new(id, name, mime_of(name), Kind::File(Blob::new(content.into())))
    }

    /// A folder.
    #[must_use]
    pub fn folder(id: &str, name: &str) -> Self {
        Self::new(id, name, FOLDER, Kind::Folder)
    }

    /// A Google-native document: `kind` is the last word of its MIME type
    /// (`document`, `spreadsheet`, `form`, ...). It has no exports until given some.
    #[must_use]
    pub fn native(id: &str, name: &str, kind: &str) -> Self {
        let mime = format!("application/vnd.google-apps.{kind}");
        Self::new(id, name, mime, Kind::Native(Vec::new()))
    }

    /// A shortcut to the item `target`, which need not be there.
    #[must_use]
    pub fn shortcut(id: &str, name: &str, target: &str) -> Self {
        Self::new(id, name, SHORTCUT, Kind::Shortcut { target: target.to_owned() })
    }

    /// Lets this native document be exported as `mime`. More than 10 MB are
    /// refused by files.export, as Drive does, and served by the export link.
    #[must_use]
    pub fn export(mut self, mime: &str, content: impl Into<Content>) -> Self {
        if let Kind::Native(exports) = &mut self.kind {
            exports.push((Cow::Owned(mime.to_owned()), content.into()));
        }
        self
    }

    /// Puts it in the folder `parent`, and there only.
    #[must_use]
    pub fn parent(mut self, parent: &str) -> Self {
        self.parents = vec![parent.to_owned()];
        self
    }

    /// Puts it in the folder `parent` as well: Drive allowed that until 2020.
    #[must_use]
    pub fn also_in(mut self, parent: &str) -> Self {
        self.parents.push(parent.to_owned());
        self
    }

    /// Takes it out of every folder: owned, and nowhere.
    #[must_use]
    pub fn orphan(mut self) -> Self {
        self.parents.clear();
        self
    }

    /// Makes this folder the root of a backed-up computer: owned, without a
    /// parent, not shareable.
    #[must_use]
    pub fn computer(mut self) -> Self {
        self.shareable = false;
        self.orphan()
    }

    /// Makes it `owner`'s, shared with the account: without a visible parent,
    /// unless one is given afterwards.
    #[must_use]
    pub fn shared_by(mut self, owner: &str) -> Self {
        self.owner = Some(owner.to_owned());
        self.orphan()
    }

    /// Puts it in the root of the shared drive `drive`, unless a parent is given afterwards.
    #[must_use]
    pub fn in_drive(mut self, drive: &str) -> Self {
        self.drive = Some(drive.to_owned());
        self.parent(drive)
    }

    /// Puts it in the trash, by itself. What lies in a trashed folder is trashed with it.
    #[must_use]
    pub fn trashed(mut self) -> Self {
        self.explicitly_trashed = true;
        self
    }

    /// Gives it a star.
    #[must_use]
    pub fn starred(mut self) -> Self {
        self.starred = true;
        self
    }

    /// Gives it a description.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// Gives it another MIME type.
    #[must_use]
    pub fn mime(mut self, mime: &str) -> Self {
        self.mime = Cow::Owned(mime.to_owned());
        self
    }

    /// Gives it a time of creation, in RFC 3339.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn created(mut self, time: &str) -> Self {
        self.created = Some(instant(time));
        self
    }

    /// Gives it a time of modification, in RFC 3339.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn modified(mut self, time: &str) -> Self {
        self.modified = Some(instant(time));
        self
    }

    /// Gives it an `imageMediaMetadata`, as Drive writes it: `width`, `height`,
    /// `time` (`2017:11:02 10:11:12`), `cameraMake`, `location`, ...
    #[must_use]
    pub fn image(mut self, metadata: Value) -> Self {
        self.image = Some(Box::new(metadata));
        self
    }

    /// Gives it a `videoMediaMetadata`: width and height in pixels, length in milliseconds.
    #[must_use]
    pub fn video(mut self, width: u32, height: u32, duration_ms: u64) -> Self {
        let duration_ms = duration_ms.to_string();
        self.video = Some(Box::new(
            json!({"width": width, "height": height, "durationMillis": duration_ms}),
        ));
        self
    }

    /// Forbids downloading it (`capabilities.canDownload` is false).
    #[must_use]
    pub fn no_download(mut self) -> Self {
        self.downloadable = false;
        self
    }

    /// Marks it as malware: served only to its owner, and only who acknowledges it.
    #[must_use]
    pub fn abusive(mut self) -> Self {
        self.abusive = true;
        self
    }

    /// Leaves out the SHA-1 and SHA-256, which old uploads may lack.
    #[must_use]
    pub fn md5_only(mut self) -> Self {
        self.md5_only = true;
        self
    }

    /// Serves `content` instead of what is described, as Drive has done for
    /// files from the old "Google Photos" folder.
    #[must_use]
    pub fn but_serves(mut self, content: impl Into<Content>) -> Self {
        self.served = Some(content.into());
        self
    }

    pub(super) fn is_folder(&self) -> bool {
        matches!(self.kind, Kind::Folder)
    }

    pub(super) fn owned(&self) -> bool {
        self.owner.is_none() && self.drive.is_none()
    }
}

/// Reads a time that a test wrote.
pub(super) fn instant(time: &str) -> DateTime<Utc> {
    match DateTime::parse_from_rfc3339(time) {
        Ok(time) => time.to_utc(),
        Err(error) => panic!("{time:?} is not a time in RFC 3339: {error}"),
    }
}

/// The MIME type that Drive derives from a file's name.
fn mime_of(name: &str) -> &'static str {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" => "image/heif",
        "avif" => "image/avif",
        "tif" | "tiff" => "image/tiff",
        "bmp" => "image/bmp",
        "svg" => "image/svg+xml",
        "dng" => "image/x-adobe-dng",
        "cr2" => "image/x-canon-cr2",
        "nef" => "image/x-nikon-nef",
        "arw" => "image/x-sony-arw",
        "mp4" | "m4v" => "video/mp4",
        "mov" => "video/quicktime",
        "avi" => "video/x-msvideo",
        "mkv" => "video/x-matroska",
        "webm" => "video/webm",
        "3gp" => "video/3gpp",
        "mp3" => "audio/mpeg",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "md" => "text/markdown",
        "html" => "text/html",
        "csv" => "text/csv",
        "json" => "application/json",
        "zip" => "application/zip",
        "tgz" | "gz" => "application/gzip",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}

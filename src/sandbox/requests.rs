//! What was asked of the sandbox: each request, sorted by what it is for.

use axum::http::{HeaderMap, Method, header};

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Drive: about.get.
    About,
    /// Drive: files.list.
    List,
    /// Drive: files.get, metadata.
    Get,
    /// Drive: files.get with `alt=media`: a file's bytes.
    Media,
    /// Drive: files.export, and the export links.
    Export,
    /// Drive: changes.getStartPageToken.
    StartToken,
    /// Drive: changes.list.
    Changes,
    /// Drive: drives.list.
    Drives,
    /// Whatever would write to Drive.
    Write,
    /// Photos: mediaItems.list.
    PhotoList,
    /// Photos: mediaItems.search.
    PhotoSearch,
    /// Photos: mediaItems.get and mediaItems.batchGet.
    PhotoGet,
    /// Photos: albums.list and albums.get.
    Albums,
    /// Photos: sharedAlbums, whose scope is gone, and whatever would write.
    PhotoGone,
    /// Photos: a base URL of the Library API.
    PhotoMedia,
    /// Picker: a session is made.
    PickerCreate,
    /// Picker: a session is asked for.
    PickerPoll,
    /// Picker: a session is deleted.
    PickerDelete,
    /// Picker: mediaItems.list.
    PickerList,
    /// Picker: a base URL of the Picker API.
    PickerMedia,
    /// OAuth: the consent page.
    Consent,
    /// OAuth: the token endpoint.
    Token,
    /// OAuth: taking a token back.
    Revoke,
    /// None of these.
    Other,
}

/// Google's services, as they are switched on and off in a Google Cloud project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Api {
    /// `drive.googleapis.com`
    Drive,
    /// `photoslibrary.googleapis.com`
    Photos,
    /// `photospicker.googleapis.com`
    Picker,
}

/// The scopes that let an app read all of Drive.
const DRIVE_READ: &[&str] =
    &["https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/drive.readonly"];
/// The scopes that let an app see names and folders, and no bytes.
const DRIVE_SEE: &[&str] = &[
    "https://www.googleapis.com/auth/drive",
    "https://www.googleapis.com/auth/drive.readonly",
    "https://www.googleapis.com/auth/drive.metadata",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
];

/// The one scope that still lets an app see anything of Google Photos: what it made itself.
const PHOTOS_READ: &[&str] =
    &["https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata"];
/// The scope of the Picker.
const PICKER: &[&str] = &["https://www.googleapis.com/auth/photospicker.mediaitems.readonly"];

/// Whether one of `scopes` is the Picker's.
pub(super) fn may_pick(scopes: &super::grants::Scopes) -> bool {
    PICKER.iter().any(|scope| scopes.contains(*scope))
}

impl Class {
    /// What a request is for, by its method, path and query.
    pub(super) fn of(method: &Method, path: &str, query: &str) -> Self {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("GET" | "HEAD", ["drive", "v3", rest @ ..]) => Self::of_drive(rest, query),
            (_, ["drive", "v3", ..] | ["upload", "drive", "v3", ..]) => Self::Write,
            ("GET", ["export", _]) => Self::Export,
            (verb, ["photoslibrary", "v1", rest @ ..]) => Self::of_photos(verb, rest),
            (verb, ["photospicker", "v1", rest @ ..]) => Self::of_picker(verb, rest),
            ("GET" | "HEAD", ["media", "lr", ..]) => Self::PhotoMedia,
            ("GET" | "HEAD", ["media", "ppa", ..]) => Self::PickerMedia,
            ("GET", ["o", "oauth2", "auth"]) => Self::Consent,
            ("POST", ["token"]) => Self::Token,
            ("POST", ["revoke"]) => Self::Revoke,
            _ => Self::Other,
        }
    }

    fn of_drive(rest: &[&str], query: &str) -> Self {
        match rest {
            ["about"] => Self::About,
            ["files"] => Self::List,
            ["files", _] if query.split('&').any(|pair| pair == "alt=media") => Self::Media,
            ["files", _] => Self::Get,
            ["files", _, "export"] => Self::Export,
            ["changes", "startPageToken"] => Self::StartToken,
            ["changes"] => Self::Changes,
            ["drives"] => Self::Drives,
            _ => Self::Other,
        }
    }

    fn of_photos(verb: &str, rest: &[&str]) -> Self {
        match (verb, rest) {
            ("GET", ["mediaItems"]) => Self::PhotoList,
            ("POST", ["mediaItems:search"]) => Self::PhotoSearch,
            ("GET", ["mediaItems", _] | ["mediaItems:batchGet"]) => Self::PhotoGet,
            ("GET", ["albums"] | ["albums", _]) => Self::Albums,
            ("GET", [first, ..]) if *first != "sharedAlbums" => Self::Other,
            _ => Self::PhotoGone,
        }
    }

    fn of_picker(verb: &str, rest: &[&str]) -> Self {
        match (verb, rest) {
            ("POST", ["sessions"]) => Self::PickerCreate,
            ("GET", ["sessions", _]) => Self::PickerPoll,
            ("DELETE", ["sessions", _]) => Self::PickerDelete,
            ("GET", ["mediaItems"]) => Self::PickerList,
            _ => Self::Other,
        }
    }

    /// The service that answers it, and the scopes of which it wants one. An
    /// empty list is a call that no scope of ours allows. `None`: it needs no token,
    /// or, with base URLs, which no API serves, its handler looks at the token.
    pub(super) fn demands(self) -> Option<(Api, &'static [&'static str])> {
        match self {
            Self::Media | Self::Export => Some((Api::Drive, DRIVE_READ)),
            Self::About
            | Self::List
            | Self::Get
            | Self::StartToken
            | Self::Changes
            | Self::Drives => Some((Api::Drive, DRIVE_SEE)),
            Self::Write => Some((Api::Drive, &[])),
            Self::PhotoList | Self::PhotoSearch | Self::PhotoGet | Self::Albums => {
                Some((Api::Photos, PHOTOS_READ))
            }
            Self::PhotoGone => Some((Api::Photos, &[])),
            Self::PickerCreate | Self::PickerPoll | Self::PickerDelete | Self::PickerList => {
                Some((Api::Picker, PICKER))
            }
            Self::PhotoMedia
            | Self::PickerMedia
            | Self::Consent
            | Self::Token
            | Self::Revoke
            | Self::Other => None,
        }
    }

    /// Whether it belongs to signing in, and not to an API or to a media address.
    pub(super) fn signs_in(self) -> bool {
        matches!(self, Self::Consent | Self::Token | Self::Revoke)
    }

    /// Whether it is answered in the dialect of Google's newer services.
    pub(super) fn speaks_rpc(self) -> bool {
        self.demands().is_some_and(|(api, _)| api != Api::Drive)
    }
}

impl Api {
    /// Its name for people and its name for machines.
    pub(super) fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Drive => ("Google Drive API", "drive.googleapis.com"),
            Self::Photos => ("Photos Library API", "photoslibrary.googleapis.com"),
            Self::Picker => ("Google Photos Picker API", "photospicker.googleapis.com"),
        }
    }
}

/// One request, as the sandbox saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it was for.
    pub class: Class,
    /// `GET`, `POST`, ...
    pub method: String,
    /// Its path, percent-encoded as it came.
    pub path: String,
    /// Its query, percent-encoded as it came; empty if it had none.
    pub query: String,
    /// Its `Range` header.
    pub range: Option<String>,
    /// Its `User-Agent` header.
    pub user_agent: Option<String>,
    /// The status of the answer, once there is one. A reset connection has none.
    pub status: Option<u16>,
}

/// The log of all requests.
#[derive(Debug, Default)]
pub(super) struct Requests {
    entries: Vec<Request>,
    /// How many were forgotten: the number of the first entry that is kept.
    forgotten: usize,
}

impl Requests {
    /// Writes down a request that has come, and returns its number.
    pub fn begin(
        &mut self,
        class: Class,
        method: &Method,
        uri: (&str, &str),
        headers: &HeaderMap,
    ) -> usize {
        let text = |name| Some(headers.get(name)?.to_str().ok()?.to_owned());
        self.entries.push(Request {
            class,
            method: method.to_string(),
            path: uri.0.to_owned(),
            query: uri.1.to_owned(),
            range: text(header::RANGE),
            user_agent: text(header::USER_AGENT),
            status: None,
        });
        self.forgotten + self.entries.len() - 1
    }

    /// Writes down how the request of that number is answered.
    pub fn end(&mut self, number: usize, status: u16) {
        let index = number.checked_sub(self.forgotten);
        if let Some(entry) = index.and_then(|index| self.entries.get_mut(index)) {
            entry.status = Some(status);
        }
    }

    pub fn all(&self) -> &[Request] {
        &self.entries
    }

    pub fn forget(&mut self) {
        self.forgotten += self.entries.len();
        self.entries.clear();
    }

    pub fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|entry| entry.class == class).count()
    }
}

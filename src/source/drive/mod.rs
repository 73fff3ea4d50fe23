//! Google Drive: one flat listing of everything, then the feed of changes.
//!
//! The listing asks for no folder: `'A' in parents or 'B' in parents` leaves
//! files out without saying so (rclone issue 9810), and the tree is built from
//! the `parents` of each file instead. What is asked for and why:
//! <https://developers.google.com/workspace/drive/api/guides/about-changes>.

#[doc(hidden)]
pub mod fuzzed;
mod wire;

use async_trait::async_trait;
use chrono::{DateTime, SecondsFormat, Utc};

use self::wire::FILE_FIELDS;
use super::one_file::OneFile;
use super::{Error, Origin, Presence, Reading, Source, Want, Withheld};
use crate::google::{self, Call, Client, units};
use crate::model::{Change, Cursor, Item, Kind, Order, Page, Question, RemoteId, Sheet, Span};

/// The most that `files.list` and `changes.list` give in one page.
const PAGE_SIZE: &str = "1000";

/// After so many pages the list of shared drives is long enough for a summary.
const DRIVE_PAGES_MAX: u32 = 20;

/// Google Drive, as one account sees it.
#[derive(Clone)]
pub struct Drive {
    client: Client,
}

/// Whose Drive it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account's stable id: `about.user.permissionId`.
    pub permission_id: String,
    /// Its e-mail address, for messages.
    pub name: String,
}

impl Drive {
    /// Makes a source of the Drive that `client` is signed in to. Sends nothing.
    #[must_use]
    pub const fn new(client: Client) -> Self {
        Self { client }
    }

    /// Returns whose Drive it is.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn account(&self) -> Result<Account, Error> {
        let call = self.call("/about", units::GET);
        let fields = "user(permissionId,emailAddress)";
        let about: wire::About = self.client.json(&call.with("fields", fields)).await?;
        Ok(Account { permission_id: about.user.permission_id, name: about.user.email_address })
    }

    /// Returns the id of My Drive, which no listing tells.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn my_drive(&self) -> Result<RemoteId, Error> {
        let call = self.call("/files/root", units::GET).with("fields", "id");
        let root: wire::Id = self.client.json(&call).await?;
        Ok(RemoteId(root.id))
    }

    /// Returns the names of the shared drives that the account sees.
    ///
    /// # Errors
    ///
    /// [`Error::Google`].
    pub async fn shared_drives(&self) -> Result<Vec<String>, Error> {
        let (mut names, mut page) = (Vec::new(), None::<String>);
        for _ in 0..DRIVE_PAGES_MAX {
            let mut call = self.call("/drives", units::LIST).with("pageSize", "100");
            call = call.with("fields", "nextPageToken,drives(name)");
            if let Some(token) = &page {
                call = call.with("pageToken", token);
            }
            let list: wire::DriveList = self.client.json(&call).await?;
            names.extend(list.drives.0.into_iter().map(|drive| drive.name));
            // A token that comes again would go round for ever.
            if list.next_page_token.is_none() || list.next_page_token == page {
                break;
            }
            page = list.next_page_token;
        }
        Ok(names)
    }

    async fn changes(&self, token: &str) -> Result<Page, Error> {
        let fields = format!(
            "nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file({FILE_FIELDS}))"
        );
        let call = self
            .call("/changes", units::LIST)
            .with("pageToken", token)
            .with("pageSize", PAGE_SIZE)
            .with("spaces", "drive")
            .with("includeRemoved", "true")
            .with("supportsAllDrives", "true")
            .with("includeItemsFromAllDrives", "false")
            // Without it, moving a file into a shared drive looks like its deletion.
            .with("includeCorpusRemovals", "true")
            .with("fields", fields);
        let answer = self.client.json::<wire::ChangeList>(&call).await;
        let list = answer.map_err(|error| refused_cursor(error, true))?;
        // The new start token is on the last page only.
        let (go_on, ends) = match (list.new_start_page_token, list.next_page_token) {
            (Some(start), _) => (start, true),
            (None, Some(next)) if next != token => (next, false),
            (None, _) => return Err(Error::CursorRefused),
        };
        Ok(Page {
            changes: list.changes.0.into_iter().filter_map(change).collect(),
            next: Cursor::Changes { token: go_on },
            last: ends,
            incomplete: false,
        })
    }

    fn listing(&self, question: &Question) -> Call {
        let fields = format!("nextPageToken,incompleteSearch,files({FILE_FIELDS})");
        let mut call = self
            .call("/files", units::LIST)
            .with("pageSize", PAGE_SIZE)
            .with("corpora", "user")
            .with("spaces", "drive")
            .with("supportsAllDrives", "true")
            .with("includeItemsFromAllDrives", "false")
            .with("fields", fields);
        if let Some(order) = order(question.order) {
            call = call.with("orderBy", order);
        }
        if let Some(query) = created_in(question.span) {
            call = call.with("q", query);
        }
        match &question.page {
            Some(token) => call.with("pageToken", token),
            None => call,
        }
    }

    fn download(&self, item: &Item) -> Call {
        let id = &item.key.id;
        let call = self.call(&format!("/files/{}", in_path(id)), units::DOWNLOAD);
        let call = call.with("alt", "media").with("supportsAllDrives", "true");
        // Only of a file that is HTML is HTML the right answer.
        if item.mime_type.contains("html") { call.expecting_html() } else { call }
    }

    /// Opens an export. Above 10 MB `files.export` refuses, and the file's
    /// `exportLinks` still serve.
    async fn export(&self, id: &RemoteId, mime_type: &str) -> Result<google::Body, Error> {
        let path = format!("/files/{}/export", in_path(id));
        let call = self.call(&path, units::DOWNLOAD).with("mimeType", mime_type);
        match self.client.bytes(&call, 0).await {
            Err(error) if error.reason() == Some("exportSizeLimitExceeded") => {}
            answer => return answer.map_err(item_error),
        }
        let path = format!("/files/{}", in_path(id));
        let call = self.call(&path, units::GET).with("fields", "exportLinks");
        let links: wire::ExportLinks = self.client.json(&call).await.map_err(item_error)?;
        let link = links.export_links.get(mime_type);
        let link = link.ok_or(Error::Withheld(Withheld::NotExportable))?;
        let call = Call::get(link.clone()).costing(units::DOWNLOAD);
        self.client.bytes(&call, 0).await.map_err(item_error)
    }

    fn call(&self, path: &str, units: u32) -> Call {
        Call::get(format!("{}{path}", self.client.endpoints().drive)).costing(units)
    }
}

#[async_trait]
impl Source for Drive {
    /// The token of the feed is asked for first: what changes while the listing
    /// is read is then in the feed that is read after it.
    async fn start(&self) -> Result<Cursor, Error> {
        let call = self.call("/changes/startPageToken", units::GET);
        let call = call.with("supportsAllDrives", "true").with("fields", "startPageToken");
        let token: wire::StartPageToken = self.client.json(&call).await?;
        Ok(Cursor::Listing { page: None, changes_from: token.start_page_token })
    }

    async fn page(&self, cursor: &Cursor) -> Result<Page, Error> {
        match cursor {
            Cursor::Listing { .. } => Err(Error::CursorRefused),
            Cursor::Changes { token } => self.changes(token).await,
        }
    }

    async fn list(&self, question: &Question) -> Result<Sheet, Error> {
        let page = question.page.as_deref();
        let answer = self.client.json::<wire::FileList>(&self.listing(question)).await;
        let list = answer.map_err(|error| refused_cursor(error, page.is_some()))?;
        if page.is_some() && list.next_page_token.as_deref() == page {
            return Err(Error::CursorRefused);
        }
        if !list.is_answer() {
            let cause = "it has no list of files".to_owned();
            return Err(google::Error::Unreadable {
                url: format!("{}/files", self.client.endpoints().drive),
                cause,
            }
            .into());
        }
        let (next, incomplete) = (list.next_page_token.clone(), list.is_incomplete());
        let items = list.into_files().into_iter().map(wire::File::into_item).collect();
        Ok(Sheet { items, next, incomplete })
    }

    /// Drive has no request that asks for several.
    fn asks_at_once(&self) -> usize {
        1
    }

    async fn ask(&self, ids: &[RemoteId]) -> Result<Vec<Presence>, Error> {
        let mut answers = Vec::with_capacity(ids.len());
        for id in ids {
            let call = self.call(&format!("/files/{}", in_path(id)), units::GET);
            let call = call.with("supportsAllDrives", "true").with("fields", FILE_FIELDS);
            let answer = self.client.json::<wire::File>(&call).await.map_err(item_error);
            answers.push(match answer {
                Ok(file) => Presence::Present(Box::new(file.into_item())),
                Err(Error::Gone) => Presence::Absent,
                Err(error) => return Err(error),
            });
        }
        Ok(answers)
    }
}

#[async_trait]
impl Origin for Drive {
    async fn open(&self, wants: &[Want]) -> Result<Box<dyn Reading>, Error> {
        let Some(want) = wants.first() else {
            return Ok(Box::new(OneFile::new(None)));
        };
        let id = &want.item.key.id;
        let body = match (&want.item.kind, &want.export) {
            (Kind::Native, Some(mime_type)) => self.export(id, mime_type).await?,
            (Kind::Native, None) => return Err(Error::Withheld(Withheld::NotExportable)),
            _ => {
                let body = self.client.bytes(&self.download(&want.item), want.from_byte).await;
                body.map_err(item_error)?
            }
        };
        Ok(Box::new(OneFile::new(Some(body))))
    }
}

/// The keys of `orderBy` (the discovery document, `files.list`).
const fn order(order: Order) -> Option<&'static str> {
    match order {
        Order::Any => None,
        Order::OldestFirst => Some("createdTime"),
        Order::NewestFirst => Some("createdTime desc"),
    }
}

/// The search for what was created in `span`, if it is not everything. Searches know
/// times in RFC 3339: <https://developers.google.com/workspace/drive/api/guides/ref-search-terms>.
fn created_in(span: Span) -> Option<String> {
    let term = |compare: &str, time: Option<DateTime<Utc>>| {
        let time = time?.to_rfc3339_opts(SecondsFormat::Secs, true);
        Some(format!("createdTime {compare} '{time}'"))
    };
    let terms = [term(">=", span.from), term("<", span.until)].into_iter().flatten();
    terms.reduce(|one, other| format!("{one} and {other}"))
}

/// Reads one entry of the feed. Entries of shared drives themselves tell of no file. What
/// left this feed and is described all the same is there, if elsewhere: it was moved to
/// a shared drive, say (`includeCorpusRemovals`).
fn change(change: wire::Change) -> Option<Change> {
    let id = change.file_id?;
    match change.file {
        Some(file) => Some(Change::Present(Box::new(file.into_item()))),
        None if change.removed => Some(Change::Removed(RemoteId(id))),
        None => None,
    }
}

/// Drive answers 400, 404 or 410 for a page token it no longer takes. "If the token
/// is rejected for any reason it should be discarded" (the discovery document).
fn refused_cursor(error: google::Error, had_token: bool) -> Error {
    match error.status() {
        Some(400 | 404 | 410) if had_token => Error::CursorRefused,
        _ => Error::Google(error),
    }
}

/// Reads what Google says of one file. Reasons:
/// <https://developers.google.com/workspace/drive/api/guides/handle-errors>.
pub(super) fn item_error(error: google::Error) -> Error {
    match (error.status(), error.reason()) {
        _ if error.is_not_found() => Error::Gone,
        (Some(403), Some(reason)) => match withheld(reason) {
            Some(why) => Error::Withheld(why),
            None => Error::Google(error),
        },
        _ => Error::Google(error),
    }
}

fn withheld(reason: &str) -> Option<Withheld> {
    match reason {
        "cannotDownloadFile"
        | "fileNotDownloadable"
        | "download_restricted_for_revision"
        | "insufficientFilePermissions"
        | "appNotAuthorizedToFile"
        | "teamDriveMembershipRequired"
        | "domainPolicy" => Some(Withheld::ByOwner),
        "cannotDownloadAbusiveFile" | "invalidAbuseAcknowledgment" => Some(Withheld::AsAbusive),
        "downloadQuotaExceeded" => Some(Withheld::ForToday),
        "fileNotExportable" => Some(Withheld::NotExportable),
        _ => None,
    }
}

/// An id as one part of an address. Drive's ids need no escaping; one that would
/// is not Drive's, and must not choose the path.
pub(super) fn in_path(id: &RemoteId) -> String {
    url::form_urlencoded::byte_serialize(id.as_str().as_bytes()).collect()
}

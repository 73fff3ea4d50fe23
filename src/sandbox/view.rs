//! How Drive shows an item: field by field, so that only what is asked for is made.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use serde_json::{Value, json};

use super::content::{Blob, hex};
use super::fields::Mask;
use super::item::{Item, Kind};
use super::schema::FILE_FIELDS;
use super::world::{SharedDrive, World};

/// What an item is looked at with.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub world: &'a World,
    /// The sandbox's own address, for the links it gives.
    pub root: &'a str,
}

/// A time as Drive writes it.
pub(super) fn time(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// An item on its way to JSON: what is not asked for is not even looked at, since a page
/// has a thousand items.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub view: View<'a>,
    pub item: &'a Item,
    pub mask: &'a Mask,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self.mask {
            Mask::All => {
                for (name, _) in FILE_FIELDS {
                    self.entry(&mut map, name, &Mask::All)?;
                }
            }
            Mask::Only(fields) => {
                for (name, part) in fields {
                    self.entry(&mut map, name, part)?;
                }
            }
        }
        map.end()
    }
}

impl Shown<'_> {
    fn entry<M: SerializeMap>(&self, map: &mut M, name: &str, part: &Mask) -> Result<(), M::Error> {
        if let Some(plain) = plain(self.item, name).or_else(|| bytes_field(self.item, name)) {
            map.serialize_entry(name, &plain)
        } else if let Some(mut value) = self.view.field(self.item, name, part) {
            part.prune(&mut value);
            map.serialize_entry(name, &value)
        } else {
            Ok(())
        }
    }
}

/// A field that is a text, or a yes or no, as most are.
#[derive(Serialize)]
#[serde(untagged)]
enum Plain<'a> {
    Text(Cow<'a, str>),
    Flag(bool),
}

impl View<'_> {
    /// `item` with the fields that `mask` asks for and it has.
    pub fn file(&self, item: &Item, mask: &Mask) -> Value {
        let shown = Shown { view: *self, item, mask };
        // There is nothing in it that JSON has not.
        serde_json::to_value(shown).unwrap_or_default()
    }

    /// A field that is neither a text nor a yes or no.
    fn field(&self, item: &Item, name: &str, part: &Mask) -> Option<Value> {
        Some(match name {
            "parents" if item.parents.is_empty() => return None,
            "parents" => json!(item.parents),
            "spaces" => json!(["drive"]),
            "imageMediaMetadata" => *item.image.clone()?,
            "videoMediaMetadata" => *item.video.clone()?,
            "capabilities" => capabilities(item, part),
            "shortcutDetails" => self.shortcut(item)?,
            "exportLinks" => self.export_links(item)?,
            _ => return self.ownership(item, name),
        })
    }

    /// The fields that say whose it is.
    fn ownership(&self, item: &Item, name: &str) -> Option<Value> {
        let me = item.owner.is_none();
        let in_drive = item.drive.is_some();
        Some(match name {
            "ownedByMe" | "owners" if in_drive => return None,
            "ownedByMe" | "modifiedByMe" => json!(me),
            "owners" => json!([self.user(item)]),
            "lastModifyingUser" => self.user(item),
            "modifiedByMeTime" if me => json!(time(item.modified?)),
            "shared" => json!(!me || in_drive),
            "sharedWithMeTime" if !me => json!(time(item.created?)),
            "sharingUser" if !me => self.user(item),
            "permissionIds" => json!([self.user(item)["permissionId"]]),
            "writersCanShare" | "viewersCanCopyContent" => json!(true),
            "quotaBytesUsed" => json!(if me { size(item).unwrap_or(0) } else { 0 }.to_string()),
            _ => return None,
        })
    }

    /// The user whom an item belongs to.
    fn user(&self, item: &Item) -> Value {
        match &item.owner {
            None => self.me(),
            Some(email) => {
                let name = email.split('@').next().unwrap_or(email);
                json!({"kind": "drive#user", "displayName": name, "me": false,
                    "permissionId": format!("9{:019}", email.len()), "emailAddress": email})
            }
        }
    }

    /// The account itself.
    pub fn me(&self) -> Value {
        let account = &self.world.account;
        json!({"kind": "drive#user", "displayName": account.name, "me": true,
            "permissionId": account.permission_id, "emailAddress": account.email})
    }

    /// A shared drive.
    pub fn drive(drive: &SharedDrive) -> Value {
        json!({"kind": "drive#drive", "id": drive.id, "name": drive.name})
    }

    /// The type that is told is the target's when the shortcut is looked at, if it is there.
    fn shortcut(&self, item: &Item) -> Option<Value> {
        let Kind::Shortcut { target } = &item.kind else { return None };
        let mime = self.world.get(target).map_or("application/octet-stream", |item| &item.mime);
        Some(json!({"targetId": target, "targetMimeType": mime}))
    }

    fn export_links(&self, item: &Item) -> Option<Value> {
        let Kind::Native(exports) = &item.kind else { return None };
        if exports.is_empty() {
            return None;
        }
        let link = |mime: &str| {
            let query = url::form_urlencoded::Serializer::new(String::new())
                .append_pair("id", &item.id)
                .append_pair("mimeType", mime)
                .finish();
            format!("{}/export/document?{query}", self.root)
        };
        let links = exports.iter().map(|(mime, _)| (mime.to_string(), json!(link(mime))));
        Some(Value::Object(links.collect()))
    }
}

fn plain<'a>(item: &'a Item, name: &str) -> Option<Plain<'a>> {
    let text = |text: &'a str| Plain::Text(Cow::Borrowed(text));
    Some(match name {
        "kind" => text("drive#file"),
        "id" => text(&item.id),
        "name" => text(&item.name),
        "mimeType" => text(&item.mime),
        "description" => text(item.description.as_ref()?),
        "driveId" | "teamDriveId" => text(item.drive.as_ref()?),
        "starred" => Plain::Flag(item.starred),
        "trashed" => Plain::Flag(item.trashed),
        "explicitlyTrashed" => Plain::Flag(item.explicitly_trashed),
        "viewedByMe" | "isAppAuthorized" | "hasThumbnail" => Plain::Flag(false),
        "copyRequiresWriterPermission" => Plain::Flag(!item.downloadable),
        "version" => Plain::Text(item.version.to_string().into()),
        "createdTime" => Plain::Text(time(item.created?).into()),
        "modifiedTime" => Plain::Text(time(item.modified?).into()),
        "webViewLink" => Plain::Text(web_link(item).into()),
        "size" => Plain::Text(size(item)?.to_string().into()),
        _ => return None,
    })
}

/// The fields that only files with bytes have.
fn bytes_field<'a>(item: &'a Item, name: &str) -> Option<Plain<'a>> {
    let Kind::File(blob) = &item.kind else { return None };
    let text = match name {
        "md5Checksum" => hex(&blob.digests().md5),
        "sha1Checksum" if !item.md5_only => hex(&blob.digests().sha1),
        "sha256Checksum" if !item.md5_only => hex(&blob.digests().sha256),
        "headRevisionId" => format!("0B{}-{}", item.id, item.revision),
        "originalFilename" => item.name.clone(),
        "fileExtension" | "fullFileExtension" => item.name.rsplit_once('.')?.1.to_owned(),
        "webContentLink" if item.downloadable => {
            format!("https://drive.google.com/uc?id={}&export=download", item.id)
        }
        _ => return None,
    };
    Some(Plain::Text(text.into()))
}

/// What Drive states as `size`: documents have one by now, folders and shortcuts have not.
pub(super) fn size(item: &Item) -> Option<u64> {
    match &item.kind {
        Kind::File(Blob { content, .. }) => Some(content.len()),
        Kind::Native(_) => Some(1024),
        Kind::Folder | Kind::Shortcut { .. } => None,
    }
}

fn capabilities(item: &Item, part: &Mask) -> Value {
    let mine = item.owned();
    let all = [
        ("canAddChildren", mine && item.is_folder()),
        ("canCopy", item.downloadable && !item.is_folder()),
        ("canDelete", mine),
        ("canDownload", item.downloadable),
        ("canEdit", mine),
        ("canListChildren", item.is_folder()),
        ("canReadRevisions", mine && !item.is_folder()),
        ("canRename", mine),
        ("canShare", item.shareable && mine),
        ("canTrash", mine),
        ("canUntrash", mine),
    ];
    let wanted = all.into_iter().filter(|(name, _)| part.get(name).is_some());
    Value::Object(wanted.map(|(name, can)| (name.to_owned(), can.into())).collect())
}

fn web_link(item: &Item) -> String {
    match &item.kind {
        Kind::Folder => format!("https://drive.google.com/drive/folders/{}", item.id),
        Kind::Native(_) => {
            let kind = item.mime.rsplit('.').next().unwrap_or_default();
            format!("https://docs.google.com/{kind}/d/{}/edit", item.id)
        }
        Kind::File(_) | Kind::Shortcut { .. } => {
            format!("https://drive.google.com/file/d/{}/view", item.id)
        }
    }
}

//! How Drive shows an item: field by field, so that only what is asked for is made.

use chrono::{DateTime, SecondsFormat, Utc};
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

impl View<'_> {
    /// `item` with the fields that `mask` asks for and it has.
    pub fn file(&self, item: &Item, mask: &Mask) -> Value {
        let shown = |name: &str, part: &Mask| {
            let mut value = self.field(item, name, part)?;
            part.prune(&mut value);
            Some((name.to_owned(), value))
        };
        // Only what is asked for is looked at: a page has a thousand items.
        Value::Object(match mask {
            Mask::All => {
                FILE_FIELDS.iter().filter_map(|(name, _)| shown(name, &Mask::All)).collect()
            }
            Mask::Only(fields) => {
                fields.iter().filter_map(|(name, part)| shown(name, part)).collect()
            }
        })
    }

    fn field(&self, item: &Item, name: &str, part: &Mask) -> Option<Value> {
        Some(match name {
            "kind" => json!("drive#file"),
            "id" => json!(item.id),
            "name" => json!(item.name),
            "mimeType" => json!(item.mime),
            "description" => json!(item.description.as_ref()?),
            "starred" => json!(item.starred),
            "trashed" => json!(item.trashed),
            "explicitlyTrashed" => json!(item.explicitly_trashed),
            "parents" if item.parents.is_empty() => return None,
            "parents" => json!(item.parents),
            "spaces" => json!(["drive"]),
            "version" => json!(item.version.to_string()),
            "createdTime" => json!(time(item.created?)),
            "modifiedTime" => json!(time(item.modified?)),
            "driveId" | "teamDriveId" => json!(item.drive.as_ref()?),
            "imageMediaMetadata" => *item.image.clone()?,
            "videoMediaMetadata" => *item.video.clone()?,
            "capabilities" => capabilities(item, part),
            "viewedByMe" | "isAppAuthorized" | "hasThumbnail" => json!(false),
            "copyRequiresWriterPermission" => json!(!item.downloadable),
            "webViewLink" => json!(web_link(item)),
            "shortcutDetails" => self.shortcut(item)?,
            "exportLinks" => self.export_links(item)?,
            _ => return self.ownership(item, name).or_else(|| bytes_field(item, name)),
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

/// The fields that only files with bytes have, and `size`.
fn bytes_field(item: &Item, name: &str) -> Option<Value> {
    if name == "size" {
        return Some(json!(size(item)?.to_string()));
    }
    let Kind::File(blob) = &item.kind else { return None };
    Some(match name {
        "md5Checksum" => json!(hex(&blob.digests().md5)),
        "sha1Checksum" if !item.md5_only => json!(hex(&blob.digests().sha1)),
        "sha256Checksum" if !item.md5_only => json!(hex(&blob.digests().sha256)),
        "headRevisionId" => json!(format!("0B{}-{}", item.id, item.revision)),
        "originalFilename" => json!(item.name),
        "fileExtension" | "fullFileExtension" => json!(item.name.rsplit_once('.')?.1),
        "webContentLink" if item.downloadable => {
            json!(format!("https://drive.google.com/uc?id={}&export=download", item.id))
        }
        _ => return None,
    })
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

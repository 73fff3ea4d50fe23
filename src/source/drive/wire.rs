//! Drive's answers as they are on the wire, and what this program reads in them.
//!
//! Fields and their meaning: the discovery document of Drive v3, revision
//! 20261106, and <https://developers.google.com/workspace/drive/api/reference/rest/v3/files>.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use serde::Deserialize;

use crate::media;
use crate::model::{
    Item, ItemKey, Kind, Marks, Md5, RemoteId, Revision, Sha256, Shot, SourceId, TakenFrom,
};
use crate::source::lenient::{Lenient, List};

/// The mask for one file: just what [`File`] reads. A mask is taken literally,
/// and what it leaves out costs Google nothing to compute and us nothing to fetch.
pub(super) const FILE_FIELDS: &str = "id,name,mimeType,parents,size,md5Checksum,sha256Checksum,\
    headRevisionId,modifiedTime,createdTime,trashed,ownedByMe,driveId,starred,description,\
    shortcutDetails(targetId),capabilities(canDownload,canShare),\
    imageMediaMetadata(width,height,time,cameraMake,cameraModel,location(latitude,longitude)),\
    videoMediaMetadata(width,height,durationMillis)";

const FOLDER: &str = "application/vnd.google-apps.folder";
const SHORTCUT: &str = "application/vnd.google-apps.shortcut";
const NATIVE_PREFIX: &str = "application/vnd.google-apps.";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileList {
    pub(super) next_page_token: Option<String>,
    incomplete_search: Option<bool>,
    files: Option<List<File>>,
}

impl FileList {
    /// Whether it has anything of what was asked for. `{}` is what a proxy or a
    /// fault makes of a listing, and must not be taken for an empty Drive.
    pub(super) const fn is_answer(&self) -> bool {
        self.files.is_some() || self.next_page_token.is_some() || self.incomplete_search.is_some()
    }

    pub(super) fn is_incomplete(&self) -> bool {
        self.incomplete_search == Some(true)
    }

    pub(super) fn into_files(self) -> Vec<File> {
        self.files.unwrap_or_default().0
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeList {
    pub(super) next_page_token: Option<String>,
    pub(super) new_start_page_token: Option<String>,
    #[serde(default)]
    pub(super) changes: List<Change>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Change {
    pub(super) file_id: Option<String>,
    #[serde(default)]
    pub(super) removed: bool,
    pub(super) file: Option<File>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartPageToken {
    pub(super) start_page_token: String,
}

#[derive(Deserialize)]
pub(super) struct About {
    pub(super) user: User,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub(super) permission_id: String,
    #[serde(default)]
    pub(super) email_address: String,
}

#[derive(Deserialize)]
pub(super) struct Id {
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DriveList {
    pub(super) next_page_token: Option<String>,
    #[serde(default)]
    pub(super) drives: List<SharedDrive>,
}

#[derive(Deserialize)]
pub(super) struct SharedDrive {
    #[serde(default)]
    pub(super) name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportLinks {
    #[serde(default)]
    pub(super) export_links: std::collections::BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "Google states these facts one by one")]
pub(super) struct File {
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    parents: List<String>,
    #[serde(default)]
    size: Lenient<u64>,
    md5_checksum: Option<String>,
    sha256_checksum: Option<String>,
    head_revision_id: Option<String>,
    #[serde(default)]
    modified_time: Lenient<DateTime<Utc>>,
    #[serde(default)]
    created_time: Lenient<DateTime<Utc>>,
    #[serde(default)]
    trashed: bool,
    #[serde(default)]
    owned_by_me: bool,
    drive_id: Option<String>,
    #[serde(default)]
    starred: bool,
    description: Option<String>,
    shortcut_details: Option<ShortcutDetails>,
    #[serde(default)]
    capabilities: Capabilities,
    image_media_metadata: Option<ImageMediaMetadata>,
    video_media_metadata: Option<VideoMediaMetadata>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShortcutDetails {
    target_id: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Capabilities {
    can_download: Option<bool>,
    can_share: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ImageMediaMetadata {
    #[serde(default)]
    width: Lenient<u32>,
    #[serde(default)]
    height: Lenient<u32>,
    time: Option<String>,
    camera_make: Option<String>,
    camera_model: Option<String>,
    location: Option<Location>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Location {
    latitude: Lenient<f64>,
    longitude: Lenient<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VideoMediaMetadata {
    #[serde(default)]
    width: Lenient<u32>,
    #[serde(default)]
    height: Lenient<u32>,
    #[serde(default)]
    duration_millis: Lenient<u64>,
}

impl File {
    /// Reads an item out of the answer. Values that cannot be read count as missing:
    /// one odd field must not hide a file from its owner's backup.
    pub(super) fn into_item(self) -> Item {
        let kind = self.kind();
        let shot = self.shot();
        let revision = self.revision(&kind);
        let text = |text: Option<String>| text.filter(|text| !text.is_empty());
        Item {
            marks: Marks {
                trashed: self.trashed,
                favourite: self.starred,
                withheld: self.capabilities.can_download == Some(false),
                // Roots of backed-up computers are owned, have no parents and cannot be shared:
                // the only marks that v3 shows of them.
                computer: kind == Kind::Folder
                    && self.owned_by_me
                    && self.parents.0.is_empty()
                    && self.capabilities.can_share == Some(false),
                in_shared_drive: self.drive_id.is_some(),
            },
            key: ItemKey { source: SourceId::Drive, id: RemoteId(self.id) },
            kind,
            title: self.name,
            mime_type: self.mime_type,
            parents: self.parents.0.into_iter().map(RemoteId).collect(),
            size_bytes: self.size.count(),
            md5: self.md5_checksum.and_then(|hex| Md5::parse(&hex).ok()),
            sha256: self.sha256_checksum.and_then(|hex| Sha256::parse(&hex).ok()),
            revision,
            created_at: self.created_time.time(),
            modified_at: self.modified_time.time(),
            owned: self.owned_by_me,
            shot,
            description: text(self.description),
        }
    }

    fn kind(&self) -> Kind {
        match self.mime_type.as_str() {
            FOLDER => Kind::Folder,
            SHORTCUT => {
                let target = self.shortcut_details.as_ref().and_then(|it| it.target_id.clone());
                Kind::Shortcut { target: RemoteId(target.unwrap_or_default()) }
            }
            // Documents have a `size` since 2021, so that says nothing about bytes.
            mime_type if mime_type.starts_with(NATIVE_PREFIX) => Kind::Native,
            _ => Kind::File,
        }
    }

    /// Names the state of the bytes. `version` would not do: it also counts views,
    /// renames and changes of permission. Documents have no bytes and no checksum,
    /// and their modified time changes with their content.
    fn revision(&self, kind: &Kind) -> Option<Revision> {
        let modified =
            || self.modified_time.time().map(|at| format!("modified:{}", at.timestamp_millis()));
        let stated = match kind {
            Kind::File => {
                let md5 = self.md5_checksum.as_ref().map(|md5| format!("md5:{md5}"));
                let head = || self.head_revision_id.as_ref().map(|id| format!("head:{id}"));
                md5.or_else(head).or_else(modified)
            }
            Kind::Native => modified(),
            Kind::Folder | Kind::Shortcut { .. } => None,
        };
        stated.map(Revision)
    }

    fn shot(&self) -> Shot {
        let mut shot = Shot::default();
        if let Some(image) = &self.image_media_metadata {
            shot.width = image.width.pixels();
            shot.height = image.height.pixels();
            shot.camera =
                media::camera(image.camera_make.as_deref(), image.camera_model.as_deref());
            shot.taken = image.time.as_deref().and_then(taken);
            let place = image.location.as_ref();
            let place = place.and_then(|place| place.latitude.0.zip(place.longitude.0));
            let place = place.filter(|(north, east)| media::is_place(*north, *east));
            shot.latitude = place.map(|(north, _)| north);
            shot.longitude = place.map(|(_, east)| east);
        }
        if let Some(video) = &self.video_media_metadata {
            shot.width = shot.width.or(video.width.pixels());
            shot.height = shot.height.or(video.height.pixels());
            shot.duration_ms = video.duration_millis.count();
        }
        shot
    }
}

/// Reads the EXIF form that Drive hands on, which has no offset from UTC.
fn taken(text: &str) -> Option<(DateTime<Utc>, TakenFrom)> {
    let local = NaiveDateTime::parse_from_str(text, "%Y:%m:%d %H:%M:%S").ok()?;
    // Chrono reads longer years with a sign before them.
    (0..=9999).contains(&local.year()).then_some(())?;
    Some((local.and_utc(), TakenFrom::DriveUtc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_read_whole() {
        let item = read(
            r#"{"id":"1AbC","name":"IMG_0001.JPG","mimeType":"image/jpeg","parents":["0A","0B"],
             "md5Checksum":"9e107d9d372bb6826bd81d3542a419d6","size":"3145728","headRevisionId":"0B",
             "modifiedTime":"2017-11-02T10:11:12.345Z","createdTime":"2017-11-02T10:11:12.345Z",
             "ownedByMe":true,"starred":true,"capabilities":{"canDownload":true,"canShare":true},
             "imageMediaMetadata":{"width":4032,"height":3024,"time":"2017:11:02 10:11:12",
               "cameraMake":"Canon","cameraModel":"Canon EOS 5D","location":{"latitude":51.5,"longitude":-0.1}}}"#,
        );
        assert_eq!(item.kind, Kind::File);
        assert_eq!(item.size_bytes, Some(3_145_728));
        assert_eq!(item.revision, Some(Revision("md5:9e107d9d372bb6826bd81d3542a419d6".into())));
        assert_eq!(item.modified_at.unwrap().timestamp_millis(), 1_509_617_472_345);
        assert_eq!(item.shot.camera.as_deref(), Some("Canon EOS 5D"));
        assert_eq!(item.shot.taken.unwrap().1, TakenFrom::DriveUtc);
        assert_eq!((item.shot.latitude, item.parents.len()), (Some(51.5), 2));
        assert!(item.marks.favourite && !item.marks.withheld && !item.marks.computer);
    }

    #[test]
    fn an_empty_listing_is_an_answer_and_an_empty_object_is_none() {
        for (json, is_answer) in [
            ("{}", false),
            (r#"{"kind":"drive#fileList"}"#, false),
            (r#"{"files":[]}"#, true),
            (r#"{"nextPageToken":"t"}"#, true),
            (r#"{"incompleteSearch":false}"#, true),
        ] {
            let list: FileList = serde_json::from_str(json).unwrap();
            assert_eq!(list.is_answer(), is_answer, "{json}");
        }
    }

    #[test]
    fn kinds_go_by_mime_type_and_never_by_size() {
        for (mime_type, kind) in [
            ("application/vnd.google-apps.document", "native"),
            ("application/vnd.google-apps.folder", "folder"),
            ("application/vnd.google-apps.shortcut", "shortcut"),
            ("application/octet-stream", "file"),
        ] {
            let json = format!(r#"{{"id":"x","mimeType":"{mime_type}","size":"12"}}"#);
            assert_eq!(read(&json).kind.as_str(), kind, "{mime_type}");
        }
    }

    #[test]
    fn one_odd_field_is_a_missing_value_and_not_a_missing_file() {
        let item = read(
            r#"{"id":"x","size":"many","md5Checksum":"?","imageMediaMetadata":{"time":"0000:00:00"}}"#,
        );
        assert_eq!((item.size_bytes, item.md5, item.shot.taken), (None, None, None));
    }

    fn read(json: &str) -> Item {
        serde_json::from_str::<File>(json).unwrap().into_item()
    }
}

//! The Picker API's questions and answers as they are on the wire, and what this program
//! reads in them.
//!
//! <https://developers.google.com/photos/picker/reference/rest>. What is odd counts as
//! missing: one odd field must not hide a picture from its owner's backup.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::media;
use crate::model::{Item, ItemKey, Kind, Marks, RemoteId, Revision, Shot, SourceId, TakenFrom};
use crate::source::lenient::{Lenient, List};

/// The mask for a session.
pub(super) const SESSION_FIELDS: &str =
    "id,pickerUri,pollingConfig,pickingConfig(maxItemCount),mediaItemsSet";
/// The mask for what was chosen in one.
pub(super) const ITEM_FIELDS: &str = "nextPageToken,mediaItems(id,createTime,type,\
    mediaFile(baseUrl,mimeType,filename,mediaFileMetadata(width,height,cameraMake,cameraModel,videoMetadata)))";

/// What a session is made with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wish {
    picking_config: WishedPicking,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WishedPicking {
    /// An int64, which is text in Google's JSON.
    max_item_count: String,
}

impl Wish {
    pub(super) fn of(items_max: u64) -> Self {
        Self { picking_config: WishedPicking { max_item_count: items_max.to_string() } }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    pub(super) id: String,
    #[serde(default)]
    pub(super) picker_uri: String,
    #[serde(default)]
    pub(super) polling_config: Polling,
    #[serde(default)]
    pub(super) picking_config: Picking,
    #[serde(default)]
    pub(super) media_items_set: bool,
}

/// How to wait: only said while there is something to wait for.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Polling {
    poll_interval: Option<String>,
    timeout_in: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Picking {
    pub(super) max_item_count: Lenient<u64>,
}

impl Polling {
    pub(super) fn interval(&self) -> Option<Duration> {
        duration(self.poll_interval.as_deref()?)
    }

    pub(super) fn ends_in(&self) -> Option<Duration> {
        duration(self.timeout_in.as_deref()?)
    }
}

/// Reads a `google.protobuf.Duration`: seconds, with an `s`.
fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemList {
    pub(super) next_page_token: Option<String>,
    #[serde(default)]
    pub(super) media_items: List<MediaItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MediaItem {
    pub(super) id: String,
    #[serde(default)]
    create_time: Lenient<DateTime<Utc>>,
    #[serde(default, rename = "type")]
    kind: Lenient<String>,
    #[serde(default)]
    media_file: MediaFile,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct MediaFile {
    base_url: Option<String>,
    mime_type: String,
    filename: String,
    #[serde(rename = "mediaFileMetadata")]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    width: Lenient<u32>,
    height: Lenient<u32>,
    camera_make: Option<String>,
    camera_model: Option<String>,
    /// Of a film only.
    #[serde(rename = "videoMetadata")]
    video: Option<Video>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Video {
    processing_status: Lenient<String>,
}

/// How far Google is with a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its bytes are not to be had yet.
    Processing,
    /// Its bytes are not to be had at all.
    Failed,
    /// Its bytes are there, as far as this program knows.
    Ready,
}

impl MediaItem {
    pub(super) fn base_url(&self) -> Option<&str> {
        self.media_file.base_url.as_deref()
    }

    pub(super) fn is_film(&self) -> bool {
        self.kind.0.as_deref() == Some("VIDEO")
            || self.media_file.metadata.video.is_some()
            || self.media_file.mime_type.starts_with("video/")
    }

    pub(super) fn processing(&self) -> Progress {
        let video = self.media_file.metadata.video.as_ref();
        match video.and_then(|video| video.processing_status.0.as_deref()) {
            Some("PROCESSING") => Progress::Processing,
            Some("FAILED") => Progress::Failed,
            _ => Progress::Ready,
        }
    }

    /// Reads an item out of the answer. The Picker says nothing of albums, descriptions,
    /// people, places and favourites.
    pub(super) fn into_item(self) -> Item {
        let created_at = self.create_time.time();
        let MediaFile { mime_type, filename, metadata: of, .. } = self.media_file;
        let shot = Shot {
            taken: created_at.map(|at| (at, TakenFrom::Google)),
            width: of.width.pixels(),
            height: of.height.pixels(),
            camera: media::camera(of.camera_make.as_deref(), of.camera_model.as_deref()),
            ..Shot::default()
        };
        let revision = revision(&shot, &mime_type);
        Item {
            key: ItemKey { source: SourceId::Picker, id: RemoteId(self.id) },
            kind: Kind::File,
            title: filename,
            mime_type,
            parents: Vec::new(),
            size_bytes: None,
            md5: None,
            sha256: None,
            revision: Some(revision),
            created_at,
            modified_at: created_at,
            owned: true,
            marks: Marks::default(),
            shot,
            description: None,
        }
    }
}

/// Names the state of the bytes as well as this API allows, as for the Library API: by
/// the size in pixels and the type.
fn revision(shot: &Shot, mime_type: &str) -> Revision {
    let (width, height) = (shot.width.unwrap_or_default(), shot.height.unwrap_or_default());
    Revision(format!("photo:{width}x{height} {mime_type}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> MediaItem {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_picture_is_read_whole() {
        let picture = read(
            r#"{"id":"AGj1","createTime":"2024-03-02T10:11:12.345678Z","type":"PHOTO","mediaFile":{
             "baseUrl":"https://lh3.googleusercontent.com/ppa/x","mimeType":"image/heic",
             "filename":"IMG_1.HEIC","mediaFileMetadata":{"width":4032,"height":3024,
             "cameraMake":"Google","cameraModel":"Pixel 8","photoMetadata":{"focalLength":6.9}}}}"#,
        );
        assert!(!picture.is_film() && picture.processing() == Progress::Ready);
        assert_eq!(picture.base_url(), Some("https://lh3.googleusercontent.com/ppa/x"));
        let item = picture.into_item();
        let at = item.created_at.unwrap();
        assert_eq!((item.title.as_str(), item.key.source), ("IMG_1.HEIC", SourceId::Picker));
        assert_eq!(at.timestamp_millis(), 1_709_374_272_345);
        assert_eq!((item.modified_at, item.shot.taken), (Some(at), Some((at, TakenFrom::Google))));
        assert_eq!((item.shot.width, item.shot.height), (Some(4032), Some(3024)));
        assert_eq!(item.shot.camera.as_deref(), Some("Google Pixel 8"));
        assert_eq!(item.revision, Some(Revision("photo:4032x3024 image/heic".to_owned())));
    }

    #[test]
    fn a_film_says_how_far_google_is_with_it() {
        for (status, expected) in [
            ("\"PROCESSING\"", Progress::Processing),
            ("\"FAILED\"", Progress::Failed),
            ("\"READY\"", Progress::Ready),
            ("\"UNSPECIFIED\"", Progress::Ready),
            ("7", Progress::Ready),
        ] {
            let json = format!(
                r#"{{"id":"x","mediaFile":{{"mediaFileMetadata":{{"videoMetadata":{{"processingStatus":{status}}}}}}}}}"#
            );
            let film = read(&json);
            assert!(film.is_film() && film.processing() == expected, "{status}");
        }
        assert!(read(r#"{"id":"x","type":"VIDEO"}"#).is_film());
        assert!(read(r#"{"id":"x","mediaFile":{"mimeType":"video/mp4"}}"#).is_film());
    }

    #[test]
    fn one_odd_field_is_a_missing_value_and_not_a_missing_picture() {
        let odd = read(
            r#"{"id":"x","createTime":"never","type":9,"mediaFile":{"mediaFileMetadata":{"width":"wide","height":-1}}}"#,
        );
        assert!(odd.base_url().is_none() && !odd.is_film());
        let item = odd.into_item();
        assert_eq!((item.created_at, item.shot.taken, item.shot.width), (None, None, None));
    }

    #[test]
    fn how_to_wait_is_read_where_it_can_be() {
        let polling = |interval: &str, timeout: &str| {
            let json = format!(r#"{{"pollInterval":"{interval}","timeoutIn":"{timeout}"}}"#);
            let read: Polling = serde_json::from_str(&json).unwrap();
            (read.interval().map(|it| it.as_millis()), read.ends_in().map(|it| it.as_millis()))
        };
        assert_eq!(polling("5s", "1799s"), (Some(5000), Some(1_799_000)));
        assert_eq!(polling("0.5s", "0s"), (Some(500), Some(0)));
        assert_eq!(polling("5", "-1s"), (None, None));
        assert_eq!(polling("NaNs", "1e300s"), (None, None));
    }

    #[test]
    fn a_session_that_is_done_says_no_more_than_that() {
        let read: Session = serde_json::from_str(r#"{"id":"s","mediaItemsSet":true}"#).unwrap();
        assert!(read.media_items_set && read.polling_config.interval().is_none());
        assert_eq!(read.picking_config.max_item_count.0, None);
    }

    #[test]
    fn the_number_of_items_is_wished_for_as_text() {
        let wish = serde_json::to_value(Wish::of(2000)).unwrap();
        assert_eq!(wish, serde_json::json!({"pickingConfig": {"maxItemCount": "2000"}}));
    }
}

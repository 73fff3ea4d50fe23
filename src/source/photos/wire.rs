//! The Library API's questions and answers as they are on the wire, and what this
//! program reads in them.
//!
//! <https://developers.google.com/photos/library/reference/rest/v1/mediaItems>. Empty
//! lists are left out of answers, so `{}` is a page with nothing on it.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::media;
use crate::model::{
    Album, Item, ItemKey, Kind, Marks, RemoteId, Revision, Shot, SourceId, Span, TakenFrom,
};
use crate::source::lenient::{Lenient, List};

/// The mask for a listing: what [`MediaItem`] reads of an item, without its address,
/// which would be worthless long before it is used.
pub(super) const LIST_FIELDS: &str = "nextPageToken,mediaItems(id,description,mimeType,filename,\
    mediaMetadata)";
/// The mask for a batch.
pub(super) const BATCH_FIELDS: &str = "mediaItemResults(status,mediaItem(id,description,baseUrl,\
    mimeType,filename,mediaMetadata))";
/// The mask for a list of albums.
pub(super) const ALBUM_FIELDS: &str =
    "nextPageToken,albums(id,title,mediaItemsCount,coverPhotoMediaItemId)";

/// A day before which no picture was taken, the first that the API takes.
const FIRST_DAY: Date = Date { year: 1, month: 1, day: 1 };

/// A day after which no picture was taken, the last that the API takes.
const LAST_DAY: Date = Date { year: 9999, month: 12, day: 31 };

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Search<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) album_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) filters: Option<Filters>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) order_by: Option<&'a str>,
    pub(super) page_size: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) page_token: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Filters {
    #[serde(skip_serializing_if = "Option::is_none")]
    date_filter: Option<Dates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feature_filter: Option<Features>,
    include_archived_media: bool,
}

#[derive(Serialize)]
struct Dates {
    ranges: [Range; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Range {
    start_date: Date,
    end_date: Date,
}

#[derive(Serialize)]
struct Date {
    year: i32,
    month: u32,
    day: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Features {
    included_features: [&'static str; 1],
}

impl Date {
    fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), month: day.month(), day: day.day() }
    }
}

impl Filters {
    /// What was taken in `span`, in whole days.
    pub(super) fn within(span: Span) -> Self {
        let last = span.until.and_then(|until| until.date_naive().pred_opt());
        let range = Range {
            start_date: span.from.map_or(FIRST_DAY, |from| Date::of(from.date_naive())),
            end_date: last.map_or(LAST_DAY, Date::of),
        };
        Self {
            date_filter: Some(Dates { ranges: [range] }),
            feature_filter: None,
            include_archived_media: true,
        }
    }

    /// What was taken on the day `from` or later, or everything; of that the favourites
    /// only, or all. Archived items too: a search leaves them out otherwise.
    pub(super) fn new(from: Option<NaiveDate>, favourites: bool) -> Self {
        let range = |from| Range { start_date: Date::of(from), end_date: LAST_DAY };
        Self {
            date_filter: from.map(|from| Dates { ranges: [range(from)] }),
            feature_filter: favourites.then_some(Features { included_features: ["FAVORITES"] }),
            include_archived_media: true,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Id {
    #[serde(rename = "id")]
    _id: String,
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
pub(super) struct Batch {
    #[serde(default)]
    pub(super) media_item_results: List<BatchResult>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BatchResult {
    pub(super) media_item: Option<MediaItem>,
    #[serde(default)]
    pub(super) status: Status,
}

/// A `google.rpc.Status`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Status {
    pub(super) code: i32,
    pub(super) message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AlbumList {
    pub(super) next_page_token: Option<String>,
    #[serde(default)]
    pub(super) albums: List<OneAlbum>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OneAlbum {
    id: String,
    #[serde(default)]
    title: String,
    /// Left out where it is 0.
    #[serde(default)]
    media_items_count: Lenient<u64>,
    cover_photo_media_item_id: Option<String>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MediaItem {
    pub(super) id: String,
    #[serde(default)]
    description: String,
    pub(super) base_url: Option<String>,
    #[serde(default)]
    pub(super) mime_type: String,
    #[serde(default)]
    filename: String,
    #[serde(default)]
    media_metadata: Metadata,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    creation_time: Lenient<DateTime<Utc>>,
    width: Lenient<u32>,
    height: Lenient<u32>,
    photo: Option<Details>,
    video: Option<Details>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    camera_make: Option<String>,
    camera_model: Option<String>,
    /// Of a film only.
    status: Option<Progress>,
}

/// How far Google is with a film.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Progress {
    /// Its bytes are not to be had yet.
    Processing,
    /// Its bytes are not to be had at all.
    Failed,
    /// Its bytes are there, as far as this program knows.
    #[serde(other)]
    Ready,
}

impl OneAlbum {
    pub(super) fn into_album(self) -> Album {
        let cover = self.cover_photo_media_item_id.filter(|id| !id.is_empty());
        Album {
            id: RemoteId(self.id),
            title: self.title,
            items: self.media_items_count.count(),
            cover: cover.map(RemoteId),
        }
    }
}

impl MediaItem {
    pub(super) fn is_film(&self) -> bool {
        self.media_metadata.video.is_some() || self.mime_type.starts_with("video/")
    }

    pub(super) fn processing(&self) -> Progress {
        let video = self.media_metadata.video.as_ref();
        video.and_then(|video| video.status).unwrap_or(Progress::Ready)
    }

    /// Reads an item out of the answer. Values that cannot be read count as missing:
    /// one odd field must not hide a picture from its owner's backup.
    ///
    /// The API says of no item whether it is archived; of favourites it says only in a
    /// search for them, which `favourite` tells.
    pub(super) fn into_item(self, favourite: bool) -> Item {
        let created_at = self.media_metadata.creation_time.time();
        let shot = self.shot(created_at);
        let revision = revision(&shot, &self.mime_type);
        Item {
            key: ItemKey { source: SourceId::Photos, id: RemoteId(self.id) },
            kind: Kind::File,
            title: self.filename,
            mime_type: self.mime_type,
            parents: Vec::new(),
            size_bytes: None,
            md5: None,
            sha256: None,
            revision: Some(revision),
            created_at,
            modified_at: created_at,
            owned: true,
            marks: Marks { favourite, ..Marks::default() },
            shot,
            description: Some(self.description).filter(|text| !text.is_empty()),
        }
    }

    fn shot(&self, created_at: Option<DateTime<Utc>>) -> Shot {
        let of = &self.media_metadata;
        let camera = of.photo.as_ref().or(of.video.as_ref());
        Shot {
            taken: created_at.map(|at| (at, TakenFrom::Google)),
            width: of.width.pixels(),
            height: of.height.pixels(),
            camera: camera.and_then(|camera| {
                media::camera(camera.camera_make.as_deref(), camera.camera_model.as_deref())
            }),
            ..Shot::default()
        }
    }
}

/// Names the state of the bytes as well as this API allows. It states no checksum, no
/// length and no time of change; what an item does state of its picture is its size in
/// pixels and its type, so another of these is another revision. Its time is none of the
/// bytes': where a person sets it right in Photos, the picture stays what it is.
fn revision(shot: &Shot, mime_type: &str) -> Revision {
    let (width, height) = (shot.width.unwrap_or_default(), shot.height.unwrap_or_default());
    Revision(format!("photo:{width}x{height} {mime_type}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_read_whole() {
        let item = read(
            r#"{"id":"AGj1","description":"A hill","productUrl":"https://photos.google.com/lr/photo/AGj1",
             "baseUrl":"https://lh3.googleusercontent.com/lr/x","mimeType":"image/jpeg","filename":"IMG_0001.JPG",
             "mediaMetadata":{"creationTime":"2024-03-02T10:11:12.345678Z","width":"4032","height":"3024",
               "photo":{"cameraMake":"Google","cameraModel":"Pixel 8","focalLength":6.9}}}"#,
        );
        let at = item.created_at.unwrap();
        assert_eq!((item.title.as_str(), item.key.source), ("IMG_0001.JPG", SourceId::Photos));
        assert_eq!(at.timestamp_millis(), 1_709_374_272_345);
        assert_eq!((item.modified_at, item.shot.taken), (Some(at), Some((at, TakenFrom::Google))));
        assert_eq!((item.shot.width, item.shot.height), (Some(4032), Some(3024)));
        assert_eq!(item.shot.camera.as_deref(), Some("Google Pixel 8"));
        assert_eq!(item.description.as_deref(), Some("A hill"));
        assert_eq!((item.kind, item.owned, item.size_bytes), (Kind::File, true, None));
    }

    #[test]
    fn sizes_in_pixels_are_read_however_they_are_written() {
        let item = read(
            r#"{"id":"x","mimeType":"image/jpeg","mediaMetadata":{"width":640,"height":-1.5}}"#,
        );
        assert_eq!((item.shot.width, item.shot.height), (Some(640), None));
    }

    #[test]
    fn a_revision_is_another_where_size_or_type_is() {
        let revision = |json: &str| read(json).revision.unwrap();
        let first = revision(
            r#"{"id":"x","mimeType":"image/jpeg","mediaMetadata":{"width":"1","height":"2",
             "creationTime":"2024-03-02T10:11:12Z"}}"#,
        );
        for (mime_type, width, height, time) in [
            ("image/png", 1, 2, "2024-03-02T10:11:12Z"),
            ("image/jpeg", 2, 2, "2024-03-02T10:11:12Z"),
            ("image/jpeg", 1, 1, "2024-03-02T10:11:12Z"),
        ] {
            let json = format!(
                r#"{{"id":"x","mimeType":"{mime_type}","mediaMetadata":{{"width":"{width}",
                 "height":"{height}","creationTime":"{time}"}}}}"#
            );
            assert_ne!(revision(&json), first, "{json}");
        }
        let other_words = r#"{"id":"x","mimeType":"image/jpeg","filename":"y","description":"z",
             "mediaMetadata":{"width":"1","height":"2","creationTime":"2019-01-01T00:00:00Z"}}"#;
        assert_eq!(revision(other_words), first);
    }

    #[test]
    fn one_odd_field_is_a_missing_value_and_not_a_missing_picture() {
        let item = read(
            r#"{"id":"x","mediaMetadata":{"creationTime":"never","width":"wide","video":{"status":"NEW"}}}"#,
        );
        assert_eq!((item.created_at, item.shot.width, item.shot.taken), (None, None, None));
        assert!(item.title.is_empty() && item.description.is_none());
    }

    #[test]
    fn an_album_may_lack_title_count_and_cover() {
        let album: OneAlbum = serde_json::from_str(r#"{"id":"a"}"#).unwrap();
        let bare =
            Album { id: RemoteId("a".into()), title: String::new(), items: None, cover: None };
        assert_eq!(album.into_album(), bare);
    }

    fn read(json: &str) -> Item {
        serde_json::from_str::<MediaItem>(json).unwrap().into_item(false)
    }
}

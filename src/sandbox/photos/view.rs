//! How the Library API shows pictures, films and albums.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::sandbox::fields::Shape::{self, Leaf, Object};
use crate::sandbox::world::World;

use super::media::{Audience, base_url};
use super::photo::{Album, Photo};

const ITEM: Shape = Object(&[
    ("id", Leaf),
    ("description", Leaf),
    ("productUrl", Leaf),
    ("baseUrl", Leaf),
    ("mimeType", Leaf),
    ("filename", Leaf),
    (
        "mediaMetadata",
        Object(&[
            ("creationTime", Leaf),
            ("width", Leaf),
            ("height", Leaf),
            (
                "photo",
                Object(&[
                    ("cameraMake", Leaf),
                    ("cameraModel", Leaf),
                    ("focalLength", Leaf),
                    ("apertureFNumber", Leaf),
                    ("isoEquivalent", Leaf),
                    ("exposureTime", Leaf),
                ]),
            ),
            (
                "video",
                Object(&[
                    ("cameraMake", Leaf),
                    ("cameraModel", Leaf),
                    ("fps", Leaf),
                    ("status", Leaf),
                ]),
            ),
        ]),
    ),
    ("contributorInfo", Object(&[("displayName", Leaf), ("profilePictureBaseUrl", Leaf)])),
]);

const ALBUM: Shape = Object(&[
    ("id", Leaf),
    ("title", Leaf),
    ("productUrl", Leaf),
    ("mediaItemsCount", Leaf),
    ("coverPhotoBaseUrl", Leaf),
    ("coverPhotoMediaItemId", Leaf),
    ("isWriteable", Leaf),
    ("shareInfo", Leaf),
]);

/// What mediaItems.get answers.
pub(super) const ONE_ITEM: Shape = ITEM;
/// What mediaItems.list and mediaItems.search answer.
pub(super) const ITEMS: Shape = Object(&[("mediaItems", ITEM), ("nextPageToken", Leaf)]);
/// What mediaItems.batchGet answers.
pub(super) const RESULTS: Shape =
    Object(&[("mediaItemResults", Object(&[("mediaItem", ITEM), ("status", Leaf)]))]);
/// What albums.get answers.
pub(super) const ONE_ALBUM: Shape = ALBUM;
/// What albums.list answers.
pub(super) const ALBUMS: Shape = Object(&[("albums", ALBUM), ("nextPageToken", Leaf)]);

/// A time as the Photos APIs write it.
pub(in crate::sandbox) fn whole_seconds(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What things are looked at with.
#[derive(Clone, Copy)]
pub(in crate::sandbox) struct View<'a> {
    pub world: &'a World,
    /// The sandbox's own address, for the links it gives.
    pub root: &'a str,
    /// A fault: the page that is asked for is empty and goes on all the same.
    pub empty_page: bool,
    /// The id of an item that listings leave out.
    pub omit: Option<&'a str>,
}

impl View<'_> {
    /// A picture or a film. Members without a value are left out, as Google does.
    pub fn item(&self, photo: &Photo) -> Value {
        let mut shown = json!({
            "id": photo.id,
            "productUrl": format!("https://photos.google.com/lr/photo/{}", photo.id),
            "baseUrl": base_url(self, photo, Audience::Library),
            "mimeType": photo.mime,
            "mediaMetadata": metadata(photo),
            "filename": photo.filename,
        });
        if let Some(text) = &photo.description {
            shown["description"] = text.as_str().into();
        }
        shown
    }

    /// An album. Its count is of all its items, those of other apps too.
    pub fn album(&self, album: &Album) -> Value {
        let mut shown = json!({
            "id": album.id,
            "productUrl": format!("https://photos.google.com/lr/album/{}", album.id),
            "isWriteable": true,
        });
        if let Some(title) = &album.title {
            shown["title"] = title.as_str().into();
        }
        if !album.items.is_empty() {
            shown["mediaItemsCount"] = album.items.len().to_string().into();
        }
        if let Some(cover) = self.world.photos.in_album(album).first() {
            shown["coverPhotoBaseUrl"] = base_url(self, cover, Audience::Library).into();
            shown["coverPhotoMediaItemId"] = cover.id.as_str().into();
        }
        shown
    }
}

/// Width and height are int64 and so texts; `creationTime` has whole seconds.
fn metadata(photo: &Photo) -> Value {
    let mut shown = json!({
        "creationTime": whole_seconds(photo.taken),
        "width": photo.width.to_string(),
        "height": photo.height.to_string(),
    });
    let mut camera = json!({});
    if let Some((make, model)) = &photo.camera {
        camera = json!({"cameraMake": make, "cameraModel": model});
    }
    match photo.film {
        None => shown["photo"] = camera,
        Some(status) => {
            camera["fps"] = 15.0.into();
            camera["status"] = status.as_str().into();
            shown["video"] = camera;
        }
    }
    shown
}

//! The JSON files of an export: of each picture, and of each album.
//!
//! Numbers are texts, times are seconds since 1970 and may be negative, and what is not so is
//! left out rather than said to be false.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::Export;
use super::library::{LibraryAlbum, LibraryItem};
use super::locale::Locale;
use crate::sandbox::content::Content;

/// The sidecar of `item` under the title `title`.
pub(super) fn of_item(item: &LibraryItem, title: &str, export: &Export) -> Content {
    let locale = export.locale;
    let (latitude, longitude) = item.place.unwrap_or_default();
    let place = json!({"latitude": latitude, "longitude": longitude, "altitude": 0.0,
        "latitudeSpan": 0.0, "longitudeSpan": 0.0});
    let mut told = json!({
        "title": title,
        "description": item.description.as_deref().unwrap_or_default(),
        "imageViews": "3",
        "creationTime": time(item.came(), locale),
        "photoTakenTime": time(item.taken, locale),
        "geoData": place,
        "url": item.url,
        "googlePhotosOrigin": origin(item),
    });
    if item.place.is_some() || export.has_places_twice {
        told["geoDataExif"] = told["geoData"].clone();
    }
    if !item.people.is_empty() {
        told["people"] = item.people.iter().map(|name| json!({ "name": name })).collect();
    }
    if let Some(changed) = item.changed {
        told["photoLastModifiedTime"] = time(changed, locale);
    }
    let marks = [
        ("favorited", item.favourite),
        ("archived", item.archived),
        ("trashed", item.trashed),
        ("inLockedFolder", item.locked),
    ];
    for (mark, _) in marks.iter().filter(|(_, so)| *so) {
        told[*mark] = true.into();
    }
    written(&told)
}

/// What tells of an album whose earliest item was taken then.
pub(super) fn of_album(album: &LibraryAlbum, earliest: DateTime<Utc>, export: &Export) -> Content {
    let told = json!({
        "title": album.title,
        "description": album.description,
        "access": "protected",
        "date": time(album.date.unwrap_or(earliest), export.locale),
        "location": "",
        "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0,
            "latitudeSpan": 0.0, "longitudeSpan": 0.0},
    });
    written(&if export.has_old_albums { json!({ "albumData": told }) } else { told })
}

fn origin(item: &LibraryItem) -> Value {
    if item.partner {
        return json!({"fromPartnerSharing": {}});
    }
    json!({"mobileUpload": {"deviceFolder": {"localFolderName": ""}, "deviceType": "ANDROID_PHONE"}})
}

fn time(at: DateTime<Utc>, locale: Locale) -> Value {
    json!({"timestamp": at.timestamp().to_string(), "formatted": at.format(locale.written()).to_string()})
}

/// As Takeout writes it: over many lines.
pub(super) fn written(told: &Value) -> Content {
    format!("{told:#}\n").as_str().into()
}

//! What is read of Google's answers, and of the files that Google hands out.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, Utc};
use gphotos_sync::google::{ClientFile, Error, fuzzed as google};
use gphotos_sync::model::{ArchivePath, Change, Item, Kind, RemoteId, kind_of};
use gphotos_sync::plan::{
    AlbumDate, AlbumStyle, NameRules, album_folder, clean, entry_name, is_takeout_part, pointer,
};
use gphotos_sync::source::drive::fuzzed as drive;
use gphotos_sync::source::photos::fuzzed as photos;
use url::Url;

/// No sentence of Google's is told at greater length, in characters, beside what is told of
/// where it comes from.
const TOLD_MAX: usize = 2000;

/// No wait that Google asks for is longer.
const WAIT_MAX: Duration = Duration::from_mins(10);

/// Reads `bytes` as every sort of answer.
pub fn check(bytes: &[u8]) {
    for item in drive::files(bytes).into_iter().chain(photos::items(bytes)).flatten() {
        can_be_kept(&item);
    }
    for change in drive::changes(bytes).into_iter().flatten() {
        match change {
            Change::Present(item) => can_be_kept(&item),
            Change::Removed(RemoteId(_)) => {}
        }
    }
    for album in photos::albums(bytes).into_iter().flatten() {
        assert!(album.items.is_none_or(|count| i64::try_from(count).is_ok()));
        has_a_folder(&album.title, None);
    }
    let (_, _, _) = (drive::account(bytes), drive::others(bytes), photos::batch(bytes));
    refusals(bytes);
    drop((google::signed_in(bytes), google::asked(bytes)));
    if let Some((_, Some(whole))) = google::part(bytes) {
        assert!(std::str::from_utf8(bytes).is_ok_and(|text| text.contains(&whole.to_string())));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        client_file(text);
    }
}

/// Whatever Google says of an item: the index can hold it, and it has a place in the archive.
fn can_be_kept(item: &Item) {
    let fits = |number: Option<u64>| number.is_none_or(|number| i64::try_from(number).is_ok());
    assert!(fits(item.size_bytes) && fits(item.shot.duration_ms), "{item:?}");
    let taken = item.shot.taken.map(|(at, _)| at);
    for at in [item.created_at, item.modified_at, taken].into_iter().flatten() {
        assert!((0..=9999).contains(&at.year()), "{at}");
        assert_eq!(at.timestamp_subsec_nanos() % 1_000_000, 0, "{at}");
    }
    assert!(item.shot.width != Some(0) && item.shot.height != Some(0));
    assert!(item.shot.latitude.is_none_or(|north| (-90.0..=90.0).contains(&north)));
    assert!(item.shot.longitude.is_none_or(|east| (-180.0..=180.0).contains(&east)));
    if matches!(item.kind, Kind::Folder | Kind::Shortcut { .. }) {
        assert_eq!(item.revision, None);
    }
    assert_ne!(item.description.as_deref(), Some(""));
    let drive = ArchivePath::parse("drive").unwrap();
    for rules in [NameRules::Posix, NameRules::Portable] {
        drive.join(&clean(&item.title, rules)).unwrap();
    }
    has_a_folder(&item.title, taken.zip(item.modified_at));
    let (_, _) = (kind_of(&item.mime_type, &item.title), is_takeout_part(&item.title));
    let text = pointer(item.key.id.as_str());
    assert_eq!(text.lines().count(), 2, "{text:?}");
}

fn has_a_folder(title: &str, span: Option<(DateTime<Utc>, DateTime<Utc>)>) {
    for date in [AlbumDate::Last, AlbumDate::First, AlbumDate::Omitted] {
        let style =
            AlbumStyle { date, flat: title.len().is_multiple_of(2), ..AlbumStyle::default() };
        for rules in [NameRules::Posix, NameRules::Portable] {
            let folder = album_folder(title, span, style, rules);
            let parent = ArchivePath::parse(&folder.parent).unwrap();
            assert_eq!(parent.parts().next(), Some("albums"));
            let path = parent.join(&folder.name).unwrap();
            let entry = entry_name(u64::MAX, 7, &folder.name, style, rules);
            assert!(entry.len() <= 255, "{entry}");
            path.join(&entry).unwrap();
        }
    }
}

fn refusals(bytes: &[u8]) {
    let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let header = std::str::from_utf8(bytes).ok();
    let repeats = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    for (url, status) in [
        ("https://www.googleapis.com/drive/v3/files?x=secret", 403),
        ("https://photoslibrary.googleapis.com/v1/albums", 429),
        ("https://photospicker.googleapis.com/v1/sessions", 400),
    ] {
        let url = Url::parse(url).unwrap();
        let (error, waits) = google::refused((&url, status), header, bytes, (now, repeats));
        let told = error.to_string();
        assert!(told.chars().count() <= TOLD_MAX, "{told}");
        assert!(!told.contains("x=secret") || bytes.windows(8).any(|part| part == b"x=secret"));
        assert!(!told.contains(char::is_control), "{told:?}");
        assert!(waits.iter().flatten().all(|wait| *wait <= WAIT_MAX), "{waits:?}");
        if let Error::Refused { wait: Some(wait), .. } = error {
            // What is added to it for the sake of jitter must not run over.
            assert!(wait.checked_add(wait).is_some() || waits == [None, None]);
        }
    }
}

fn client_file(text: &str) {
    match ClientFile::parse(text, Path::new("client_secret.json")) {
        Ok(client) => {
            assert!(!client.client_id.is_empty() && !client.client_secret.expose().is_empty());
            assert!(matches!(client.auth_uri.scheme(), "http" | "https"));
            assert!(matches!(client.token_uri.scheme(), "http" | "https"));
        }
        Err(error) => {
            let told = error.to_string();
            assert!(told.chars().count() <= TOLD_MAX, "{told}");
        }
    }
}

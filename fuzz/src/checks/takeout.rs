//! What is read of Takeout's archives, and of the JSON files in them.

use chrono::Datelike as _;
use gphotos_sync::model::{Packed, SidecarKind};
use gphotos_sync::source::takeout::{Found, fuzzed, read_sidecar};

/// No more is listed of one input.
const ENTRIES_MAX: usize = 4096;

/// No sentence is told at greater length beside the path it is about, in characters.
const TOLD_MAX: usize = 300;

/// Reads `bytes` as every sort of archive, and as what lies in one.
pub fn check(bytes: &[u8]) {
    zip(bytes);
    for found in fuzzed::tgz(bytes, ENTRIES_MAX).into_iter().chain(fuzzed::tar(bytes, ENTRIES_MAX))
    {
        let (found, length) = found;
        can_be_kept(&found);
        if let (Found::Entry(entry), Ok(length)) = (found, length) {
            assert_eq!(length, entry.size_bytes, "{}", entry.path);
        }
    }
    sidecar(bytes);
}

/// Whatever is listed lies in the archive, and unpacks to what is stated or is told.
fn zip(bytes: &[u8]) {
    let found = fuzzed::directory(bytes, ENTRIES_MAX);
    found.iter().for_each(can_be_kept);
    let entries: Vec<Packed> = found
        .into_iter()
        .filter_map(|found| match found {
            Found::Entry(entry) => Some(entry),
            Found::Trouble(_) => None,
        })
        .collect();
    let end = bytes.len() as u64;
    assert!(entries.iter().all(|entry| entry.at + entry.packed_bytes < end));
    let lengths = fuzzed::unpacked(bytes, entries.clone());
    assert_eq!(lengths.len(), entries.len());
    for (entry, length) in entries.iter().zip(lengths) {
        assert!(length.is_err() || length == Ok(entry.size_bytes), "{}", entry.path);
    }
}

/// Whatever an archive says of an entry: its path stays inside, the index can hold it, and
/// what is wrong can be told.
fn can_be_kept(found: &Found) {
    match found {
        Found::Entry(entry) => {
            assert!(entry.path.split('/').all(|part| !matches!(part, "" | "." | "..")));
            assert!(!entry.path.contains(|c: char| c.is_control() || c == '\\'), "{}", entry.path);
            let most = entry.size_bytes.max(entry.packed_bytes).max(entry.at);
            assert!(i64::try_from(most).is_ok(), "{entry:?}");
        }
        Found::Trouble(trouble) => {
            let told = trouble.to_string();
            assert!(!told.contains(char::is_control), "{told:?}");
            assert!(told.chars().count() <= trouble.path.chars().count() + TOLD_MAX, "{told}");
        }
    }
}

fn sidecar(bytes: &[u8]) {
    let times = match read_sidecar(bytes) {
        Ok(SidecarKind::Media(media)) => {
            let (north, east) = media.place.unwrap_or_default();
            assert!((-90.0..=90.0).contains(&north) && (-180.0..=180.0).contains(&east));
            assert_ne!(media.place, Some((0.0, 0.0)));
            assert!(media.people.iter().all(|name| !name.trim().is_empty()));
            assert_ne!(media.description.as_deref(), Some(""));
            [media.taken_at, media.uploaded_at]
        }
        Ok(SidecarKind::Album(album)) => [album.date, None],
        Ok(SidecarKind::Other) => return,
        Err(error) => {
            assert!(error.to_string().chars().count() <= TOLD_MAX, "{error}");
            return;
        }
    };
    assert!(times.iter().flatten().all(|at| (0..=9999).contains(&at.year())), "{times:?}");
}

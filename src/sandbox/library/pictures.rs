//! A photo library of any size for exports: with every name that is hard to match.
//!
//! An item depends on its number alone, so that a later export of more items has the earlier
//! ones as they were. All that differs from one library to another is how many there are.

use chrono::{DateTime, TimeDelta, Utc};

use crate::sandbox::item::instant;
use crate::sandbox::{Content, Era, LibraryAlbum, LibraryItem, PhotoLibrary};

/// When the earliest was taken.
const EARLIEST: &str = "2004-02-29T08:00:00Z";
/// Over how many seconds they are spread: twenty years.
const SPREAD_S: u64 = 20 * 365 * 24 * 3600;
/// How many seconds lie between one and the next, modulo all: a prime, so that none meet early.
const STEP_S: u64 = 104_395_301;
/// Of so many items one is in an album.
const ONE_IN_ALBUM_OF: u64 = 4;
/// How many items an album has.
const IN_ALBUM: u64 = 20;
/// Where the noise of films, of edited pictures and of pictures begins.
const SEEDS: [u64; 3] = [1 << 43, 1 << 42, 1 << 41];

/// Which of fifty is a scan, and when the first of them was made.
const SCAN: u64 = 19;
const SCANNED: &str = "2015-03-01T10:00:00Z";

const PEOPLE: [&str; 6] = ["Ada", "Grace", "Émile", "王芳", "Ann O'Neil", "Zoë"];

impl PhotoLibrary {
    /// One of `count` items of `bytes` bytes each, which were all uploaded by 2025.
    #[must_use]
    pub fn many(count: u64, bytes: u64) -> Self {
        Self::new().and_many(count, bytes, "2025-01-01T00:00:00Z")
    }

    /// Adds so many of these that no library of fewer has, uploaded at `time` (RFC 3339).
    ///
    /// # Panics
    ///
    /// If `time` is no time.
    #[must_use]
    pub fn and_many(mut self, count: u64, bytes: u64, time: &str) -> Self {
        let known = self.items().len() as u64;
        for number in known..known + count {
            if let Some(key) =
                album_of(number).filter(|_| number % (ONE_IN_ALBUM_OF * IN_ALBUM) == 0)
            {
                self = self.album(album(&key, number / (ONE_IN_ALBUM_OF * IN_ALBUM)));
            }
            self.add(item(number, bytes).uploaded(time));
        }
        self
    }
}

fn item(number: u64, bytes: u64) -> LibraryItem {
    let after = i64::try_from(number.wrapping_mul(STEP_S) % SPREAD_S).unwrap_or(0);
    let mut taken = instant(EARLIEST) + TimeDelta::seconds(after);
    if number % 50 == SCAN {
        // All in one year, and so in one folder.
        taken = instant(SCANNED) + TimeDelta::seconds(i64::try_from(number).unwrap_or(0));
    }
    let [film, edited, picture] = SEEDS.map(|seed| seed + number);
    let clip = Content::Pattern { seed: film, len: bytes };
    let title = title(number, taken);
    let mut item = LibraryItem::new(&title, Content::Picture { seed: picture, len: bytes });
    item.taken = taken;
    item = match number % 50 {
        13 => item.live(".MOV", clip),
        17 => item.edited(Content::Picture { seed: edited, len: bytes }),
        29 => item.era(Era::Plain),
        41 => item.live("", clip),
        _ => item,
    };
    item.albums.extend(album_of(number));
    marked(item, number)
}

/// Titles of all sorts that cameras and people give.
fn title(number: u64, taken: DateTime<Utc>) -> String {
    let second = taken.format("%Y%m%d_%H%M%S");
    match number % 50 {
        3 => format!("Screenshot_2023-10-27-12-33-03-{number:06}_com.example.katana.jpg"),
        7 => format!("Who's in? 50% & more {number}.jpg"),
        11 => format!("Peanut Butter Balls {number}"),
        13 => format!("IMG_{:04}.HEIC", number / 50 % 9999),
        SCAN => "scan.jpg".to_owned(),
        23 => format!("skytree {number} (2).jpg"),
        31 => format!("{} {number}.jpg", "😀😃😄😁😆😅😂🤣🥲😊😇🙂🙃😉😌😍🥰😘😗😙😚😋"),
        37 => format!("{number}.png"),
        41 => format!("PXL_{second}.MP.jpg"),
        43 => format!("DSC_{:04}.JPG", number % 1000),
        _ => format!("IMG_{second}_{number}.jpg"),
    }
}

fn marked(mut item: LibraryItem, number: u64) -> LibraryItem {
    item.description = number.is_multiple_of(7).then(|| format!("Picture number {number}"));
    if number.is_multiple_of(5) {
        let names = PEOPLE.iter().skip(usize::try_from(number % 6).unwrap_or(0)).take(2);
        item.people = names.map(|name| (*name).to_owned()).collect();
    }
    item.place = number.is_multiple_of(3).then_some((46.5, 7.25));
    item.favourite = number.is_multiple_of(11);
    item.archived = number % 97 == 96;
    item.trashed = number % 101 == 100;
    item
}

fn album_of(number: u64) -> Option<String> {
    let in_one = number.is_multiple_of(ONE_IN_ALBUM_OF);
    in_one.then(|| format!("Album {}", number / (ONE_IN_ALBUM_OF * IN_ALBUM)))
}

/// Every fifth has a title that cannot be a folder's, every seventh none.
fn album(key: &str, number: u64) -> LibraryAlbum {
    let album = LibraryAlbum::new(key);
    match (number % 5, number % 7) {
        (_, 6) => album.titled(""),
        (0, _) => album.titled(&format!("Gary's trip {number}: day/night...")),
        _ => album,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Export;

    #[test]
    fn more_items_leave_the_others_as_they_were() {
        let fewer = PhotoLibrary::many(200, 900);
        let more = fewer.clone().and_many(10, 900, "2026-08-01T00:00:00Z");
        let truth = |library: &PhotoLibrary| Export::of(library).truth();
        let (before, after) = (truth(&fewer), truth(&more));
        let seen = |it: &[crate::sandbox::Truth]| -> Vec<_> {
            it.iter().map(|item| (item.title.clone(), item.sha256.clone(), item.taken)).collect()
        };
        assert!(seen(&after).starts_with(&seen(&before)));
        let mut hashes: Vec<_> = after.iter().map(|item| &item.sha256).collect();
        hashes.sort();
        hashes.dedup();
        assert_eq!(hashes.len(), after.len(), "no two have the same bytes");
        let since = Export::of(&more).since("2026-07-01T00:00:00Z").truth();
        assert_eq!(since.iter().filter(|item| !item.is_variant).count(), 10);
    }
}

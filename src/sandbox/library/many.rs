//! A library of any size, for measuring: so many files in so many folders, so many
//! photos in so many albums.
//!
//! It has nothing of what makes a library difficult, only its numbers. Ids are as
//! long as Google's, since an index holds them; every second file is a picture by
//! its name, and none is one by its bytes. Every tenth photo has the bytes of a file
//! of Drive.

use std::str::FromStr;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::manner::Manner;
use super::times::{LATEST, Times};
use crate::sandbox::item::instant;
use crate::sandbox::{Album, Content, Export, Format, Item, Photo, PhotoLibrary, Truth, World};

/// How many folders lie in one, at the most.
const FOLDERS_IN_FOLDER: u64 = 16;

/// Of so many photos one has the bytes of a file of Drive.
const ONE_IN_DRIVE_OF: u64 = 10;

/// From where on photos have bytes of their own: beyond those of all files.
const SEEDS_OF_PHOTOS: u64 = 1 << 40;

/// When Takeout puts its first export into Drive, and after how many days the next.
const FIRST_EXPORT: &str = "2026-03-01T04:00:00Z";
const EXPORT_DAYS: u64 = 60;

/// How many of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Many {
    /// Files in Drive.
    pub items: u64,
    /// Folders, over which the files are spread evenly.
    pub folders: u64,
    /// How long each file and each photo is.
    pub bytes: u64,
    /// Items of Google Photos.
    pub photos: u64,
    /// Albums, each of as many photos as there are for it.
    pub albums: u64,
    /// How many photos an album has at the most.
    pub album: u64,
    /// When files and folders were created, and photos taken.
    pub times: Times,
    /// Items in an export that Takeout put into Drive; none is no export.
    pub export: u64,
    /// In how many parts exports come.
    pub parts: u32,
    /// What these are.
    pub format: Format,
    /// How they are made otherwise.
    pub manner: Manner,
}

impl FromStr for Many {
    type Err = String;

    /// Reads `items:100000,folders:5000,bytes:64,photos:20000,albums:200,album:50,times:once,export:500,parts:3,format:zip`;
    /// what is left out is 1, 0 for photos, albums and export, any number for the photos of an album,
    /// `uniform` for times, `zip` for the format of exports, and of their manner what it says.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut many = Self::ONE;
        for part in text.split(',') {
            let (name, number) = part.split_once(':').unwrap_or((part, ""));
            if many.take_word(name, number)? {
                continue;
            }
            let number = number.parse().map_err(|error| format!("{part:?}: {error}"))?;
            match name {
                "items" => many.items = number,
                "folders" => many.folders = number,
                "bytes" => many.bytes = number,
                "photos" => many.photos = number,
                "albums" => many.albums = number,
                "album" => many.album = number,
                "export" => many.export = number,
                "parts" => many.parts = number.try_into().unwrap_or(u32::MAX),
                _ => {
                    let known = "items, folders, bytes, photos, albums, album, times, export, parts, format, era, locale, copies, order, places";
                    return Err(format!("{name:?} is none of {known}"));
                }
            }
        }
        Ok(many)
    }
}

impl Many {
    /// One file of one byte.
    const ONE: Self = Self {
        items: 1,
        folders: 1,
        bytes: 1,
        photos: 0,
        albums: 0,
        album: u64::MAX,
        times: Times::Uniform,
        export: 0,
        parts: 1,
        format: Format::Zip,
        manner: Manner::NOW,
    };

    /// Takes what is no number, and says whether it was that.
    fn take_word(&mut self, name: &str, word: &str) -> Result<bool, String> {
        match (name, word) {
            ("times", _) => self.times = word.parse()?,
            ("format", "zip") => self.format = Format::Zip,
            ("format", "tgz") => self.format = Format::Tgz,
            ("format", _) => return Err(format!("{word:?} is none of zip, tgz")),
            _ => return self.manner.take_word(name, word),
        }
        Ok(true)
    }

    /// Makes it.
    #[must_use]
    pub fn world(self) -> World {
        let mut world = (0..self.folders).fold(World::new(), |world, number| {
            let parent = match number.checked_sub(1) {
                Some(before) => folder_id(before / FOLDERS_IN_FOLDER),
                None => "root".to_owned(),
            };
            let folder = Item::folder(&folder_id(number), &format!("Folder {number}"));
            world.with(self.dated(folder, number, self.folders).parent(&parent))
        });
        for number in 0..self.items {
            world = self.with_file(world, number);
        }
        for number in 0..self.photos {
            world.add_photo(self.photo(number));
        }
        for number in 0..self.albums {
            world.add_album(self.album(number));
        }
        if self.export > 0 {
            self.deliver(&mut world, self.export, false);
        }
        world
    }

    /// Has Takeout put another export into Drive, with `new` items that none had before:
    /// of everything, or only of these. Where there was none, it has only these.
    pub fn deliver(self, world: &mut World, new: u64, is_incremental: bool) {
        let time = time_of(world.exported.len());
        world.exported.push(new);
        let library = self.exported(world);
        let mut export = self.export_of(&library).parts(self.parts).format(self.format);
        export = export.stamp(&time.format("%Y%m%dT%H%M%SZ").to_string());
        if is_incremental {
            export = export.since(&(time - days(EXPORT_DAYS)).to_rfc3339());
        }
        world.deliver(&export);
    }

    /// What a right import of all exports comes to.
    #[must_use]
    pub fn truth(self, world: &World) -> Vec<Truth> {
        self.export_of(&self.exported(world)).truth()
    }

    fn export_of(self, library: &PhotoLibrary) -> Export {
        self.manner.of(Export::of(library))
    }

    /// The library behind the latest export. What each export had first was uploaded the day
    /// before that.
    fn exported(self, world: &World) -> PhotoLibrary {
        (0..).zip(&world.exported).fold(PhotoLibrary::new(), |library, (number, new)| {
            let before = time_of(number) - days(1);
            library.and_many(*new, self.bytes, &before.to_rfc3339())
        })
    }

    /// Changes `count` files that are spread over `world`: every second gets another
    /// name, the others get other bytes. Where there are photos, it takes as many new
    /// ones, and the first album has all of them. Done again, it changes the same files
    /// once more.
    pub fn change(self, world: &mut World, count: u64) {
        for number in 0..count.min(self.items) {
            let id = file_id(number * self.items / count);
            if number.is_multiple_of(2) {
                world.rename(&id, &format!("renamed {}.jpg", world.journal.next()));
            } else {
                world.edit(&id, self.content(self.items + world.journal.next()));
            }
        }
        if self.photos > 0 {
            let known = world.photos.items.len() as u64;
            let new: Vec<_> = (known..known + count).map(|number| self.photo(number)).collect();
            if let Some(first) = world.photos.albums.first_mut() {
                first.items.extend(new.iter().map(|photo| photo.id.clone()));
            }
            for photo in new {
                world.add_photo(photo);
            }
        }
    }

    fn with_file(self, world: World, number: u64) -> World {
        let parent = match self.folders {
            0 => "root".to_owned(),
            folders => folder_id(number % folders),
        };
        let extension = if number.is_multiple_of(2) { "jpg" } else { "txt" };
        let name = format!("IMG_{number:07}.{extension}");
        let file = Item::file(&file_id(number), &name, self.content(number)).parent(&parent);
        world.with(self.dated(file, number, self.items))
    }

    /// One of `count` items of its kind, the first of which is the oldest.
    fn dated(self, mut item: Item, number: u64, count: u64) -> Item {
        let created = self.times.of(count - 1 - number, count);
        item.created = Some(created);
        item.modified = Some(created + TimeDelta::milliseconds(500));
        item
    }

    /// Those that the world begins with go back in time, those that come later forth.
    fn photo(self, number: u64) -> Photo {
        let taken = match number.checked_sub(self.photos) {
            Some(later) => instant(LATEST) + minutes(later + 1),
            None => self.times.of(number, self.photos).trunc_subsecs(0),
        };
        let seed = match number % ONE_IN_DRIVE_OF {
            0 if number < self.items => number,
            _ => SEEDS_OF_PHOTOS + number,
        };
        let name = format!("PXL_{number:07}.jpg");
        Photo::image(&photo_id(number), &name, self.content(seed))
            .taken(&taken.to_rfc3339())
            .size(4032, 3024)
            .camera("Google", "Pixel 9")
    }

    fn album(self, number: u64) -> Album {
        let first = |number| number * self.photos / self.albums;
        let end = first(number + 1).min(first(number).saturating_add(self.album));
        let items: Vec<_> = (first(number)..end).rev().map(photo_id).collect();
        let items: Vec<_> = items.iter().map(String::as_str).collect();
        Album::new(&album_id(number), &format!("Album {number}"), &items)
    }

    fn content(self, seed: u64) -> Content {
        Content::Pattern { seed, len: self.bytes }
    }
}

/// When export number `number` came, from 0.
fn time_of(number: usize) -> DateTime<Utc> {
    instant(FIRST_EXPORT) + days(number as u64 * EXPORT_DAYS)
}

fn days(count: u64) -> TimeDelta {
    TimeDelta::days(i64::try_from(count).unwrap_or(0))
}

fn minutes(count: u64) -> TimeDelta {
    TimeDelta::minutes(i64::try_from(count).unwrap_or(0))
}

fn folder_id(number: u64) -> String {
    format!("1folder{number:026}")
}

fn file_id(number: u64) -> String {
    format!("1file{number:028}")
}

fn photo_id(number: u64) -> String {
    format!("AGphoto{number:073}")
}

fn album_id(number: u64) -> String {
    format!("AGalbum{number:073}")
}

#[cfg(test)]
mod tests {
    use chrono::Datelike as _;

    use super::*;
    use crate::sandbox::item::Kind;

    const SMALL: Many =
        Many { items: 20, folders: 3, bytes: 64, photos: 25, albums: 4, ..Many::ONE };

    #[test]
    fn it_is_read_from_one_word() {
        assert_eq!("items:20,folders:3,bytes:64,photos:25,albums:4".parse(), Ok(SMALL));
        let bare = Many { photos: 0, albums: 0, ..SMALL };
        assert_eq!("items:20,folders:3,bytes:64".parse(), Ok(bare));
        let bursts = Many { times: Times::Bursts, ..SMALL };
        assert_eq!(
            "items:20,folders:3,bytes:64,photos:25,albums:4,times:bursts".parse(),
            Ok(bursts)
        );
        let export = Many { export: 9, parts: 2, format: Format::Tgz, ..SMALL };
        assert_eq!(
            "items:20,folders:3,bytes:64,photos:25,albums:4,export:9,parts:2,format:tgz".parse(),
            Ok(export)
        );
        assert!("items:2,times:2".parse::<Many>().is_err());
        assert!("export:2,format:rar".parse::<Many>().is_err());
        assert!("items".parse::<Many>().is_err());
        assert!("item:2".parse::<Many>().is_err());
    }

    #[test]
    fn it_has_what_was_asked_for() {
        let world = SMALL.world();
        assert_eq!(world.descendants("root").len(), 23);
        assert_eq!(world.photos.items.len(), 25);
        let counts = world.photos.albums.iter().map(|album| album.items.len());
        assert_eq!(counts.collect::<Vec<_>>(), [6, 6, 6, 7]);
        let small = Many { album: 5, ..SMALL }.world();
        assert!(small.photos.albums.iter().all(|album| album.items.len() == 5));
        let years: Vec<_> = world.photos.visible().iter().map(|it| it.taken.year()).collect();
        assert_eq!((years.first(), years.last()), (Some(&2025), Some(&2011)));
    }

    #[test]
    fn a_tenth_of_its_photos_has_the_bytes_of_a_file() {
        let world = SMALL.world();
        let bytes = |number| match &world.get(&file_id(number)).unwrap().kind {
            Kind::File(blob) => blob.content.to_bytes(),
            other => panic!("{other:?}"),
        };
        let files: Vec<_> = (0..20).map(bytes).collect();
        let photos = world.photos.items.values().map(|photo| photo.still.to_bytes());
        assert_eq!(photos.filter(|bytes| files.contains(bytes)).count(), 2);
    }

    #[test]
    fn exports_come_every_two_months_with_what_is_new() {
        let many: Many = "items:0,bytes:900,export:100,parts:2".parse().unwrap();
        let mut world = many.world();
        let uploaded = |world: &World| -> Vec<_> {
            many.exported(world).items().iter().map(|item| item.uploaded).collect()
        };
        let before = uploaded(&world);
        many.deliver(&mut world, 5, false);
        many.deliver(&mut world, 7, true);
        assert!(uploaded(&world).starts_with(&before), "what is told of an item stays");
        let parts = world.descendants("root").into_iter().filter_map(|id| {
            let Kind::File(blob) = &world.get(&id)?.kind else { return None };
            Some((world.get(&id)?.name.clone(), blob.content.len()))
        });
        let parts: Vec<_> = parts.collect();
        let names: Vec<_> = parts.iter().map(|(name, _)| &name[8..24]).collect();
        let [first, second, third] = ["20260301T040000Z", "20260430T040000Z", "20260629T040000Z"];
        assert_eq!(names, [first, first, second, second, third, third]);
        let length = |at: usize| parts[at].1 + parts[at + 1].1;
        assert!(length(2) > length(0) && length(0) > 8 * length(4), "{parts:?}");
        assert_eq!(many.truth(&world).iter().filter(|item| !item.is_variant).count(), 112);
    }

    #[test]
    fn its_times_change_nothing_else() {
        let names = |times| {
            let world = Many { times, ..SMALL }.world();
            let files = world.items_after(0);
            files.map(|(_, item)| (item.id.clone(), item.name.clone())).collect::<Vec<_>>()
        };
        assert_eq!(names(Times::Bursts), names(Times::Uniform));
        assert_eq!(names(Times::Once), names(Times::Uniform));
    }

    #[test]
    fn it_changes_what_it_is_told() {
        let mut world = SMALL.world();
        for round in 1..=2 {
            let from = world.journal.next();
            SMALL.change(&mut world, 4);
            assert_eq!(world.journal.from(from).count(), 4);
            assert_eq!(world.photos.items.len(), 25 + 4 * round);
            assert_eq!(world.photos.albums[0].items.len(), 6 + 4 * round);
        }
        let photos = world.photos.visible();
        assert_eq!(photos.first().map(|photo| photo.taken.year()), Some(2025));
        assert_eq!(photos[8].taken, instant(LATEST));
    }
}

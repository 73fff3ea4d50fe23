//! What a person's Google Photos holds, as Takeout sees it: all of it, as it was uploaded.
//!
//! The Library API's view of the same is `photos`; the two need not agree, since an app is not
//! shown what it did not upload.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Era;
use crate::sandbox::content::Content;
use crate::sandbox::item::instant;

/// Everything that a person has in Google Photos.
#[derive(Clone, Debug, Default)]
pub struct PhotoLibrary {
    pub(super) items: Vec<LibraryItem>,
    pub(super) albums: Vec<LibraryAlbum>,
    /// By key.
    pub(super) album_numbers: HashMap<String, usize>,
}

impl PhotoLibrary {
    /// One with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an item, and the albums that it is in and nobody spoke of before.
    #[must_use]
    pub fn with(mut self, item: LibraryItem) -> Self {
        self.add(item);
        self
    }

    /// Says more of an album than its title.
    #[must_use]
    pub fn album(mut self, album: LibraryAlbum) -> Self {
        self.put_album(album);
        self
    }

    /// As [`Self::with`].
    pub fn add(&mut self, mut item: LibraryItem) {
        let number = self.items.len();
        item.url
            .get_or_insert_with(|| format!("https://photos.google.com/photo/AF1Qip{number:038}"));
        for key in &item.albums {
            if !self.album_numbers.contains_key(key) {
                self.put_album(LibraryAlbum::new(key));
            }
        }
        self.items.push(item);
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[LibraryItem] {
        &self.items
    }

    fn put_album(&mut self, album: LibraryAlbum) {
        if let Some(known) = self.album_numbers.get(&album.key) {
            self.albums[*known] = album;
        } else {
            self.album_numbers.insert(album.key.clone(), self.albums.len());
            self.albums.push(album);
        }
    }
}

/// A picture or a film.
///
/// Unless told otherwise it was taken at noon of 1 June 2020, and uploaded a day later.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact of the item")]
pub struct LibraryItem {
    pub(in crate::sandbox) title: String,
    pub(in crate::sandbox) content: Content,
    pub(in crate::sandbox) taken: DateTime<Utc>,
    pub(in crate::sandbox) uploaded: Option<DateTime<Utc>>,
    pub(in crate::sandbox) changed: Option<DateTime<Utc>>,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) people: Vec<String>,
    pub(in crate::sandbox) place: Option<(f64, f64)>,
    pub(in crate::sandbox) url: Option<String>,
    pub(in crate::sandbox) favourite: bool,
    pub(in crate::sandbox) archived: bool,
    pub(in crate::sandbox) trashed: bool,
    pub(in crate::sandbox) locked: bool,
    pub(in crate::sandbox) failed: bool,
    pub(in crate::sandbox) partner: bool,
    pub(in crate::sandbox) albums: Vec<String>,
    pub(in crate::sandbox) edited: Option<Content>,
    pub(in crate::sandbox) live: Option<Live>,
    pub(in crate::sandbox) era: Option<Era>,
    pub(in crate::sandbox) extension: String,
    pub(in crate::sandbox) has_sidecar: bool,
}

/// The film that belongs to a picture.
#[derive(Clone, Debug)]
pub(in crate::sandbox) struct Live {
    /// `.MOV`, `.MP4`, or nothing.
    pub extension: String,
    pub content: Content,
    /// The title in a sidecar of its own, if it has one.
    pub own_title: Option<String>,
}

impl LibraryItem {
    /// An item that was uploaded under the name `title`.
    #[must_use]
    pub fn new(title: &str, content: impl Into<Content>) -> Self {
        Self {
            title: title.to_owned(),
            content: content.into(),
            taken: instant("2020-06-01T12:00:00Z"),
            uploaded: None,
            changed: None,
            description: None,
            people: Vec::new(),
            place: None,
            url: None,
            favourite: false,
            archived: false,
            trashed: false,
            locked: false,
            failed: false,
            partner: false,
            albums: Vec::new(),
            edited: None,
            live: None,
            era: None,
            extension: ".jpg".to_owned(),
            has_sidecar: true,
        }
    }

    /// When it was taken, in RFC 3339. Sidecars tell it to the second.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn taken(mut self, time: &str) -> Self {
        self.taken = instant(time);
        self
    }

    /// When it was uploaded, in RFC 3339.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn uploaded(mut self, time: &str) -> Self {
        self.uploaded = Some(instant(time));
        self
    }

    /// When it was edited last, in RFC 3339: an incremental export has what was edited since.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn changed(mut self, time: &str) -> Self {
        self.changed = Some(instant(time));
        self
    }

    /// Gives it a description.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// Says that somebody is in it.
    #[must_use]
    pub fn person(mut self, name: &str) -> Self {
        self.people.push(name.to_owned());
        self
    }

    /// Where it was taken, in degrees north and east.
    #[must_use]
    pub fn place(mut self, latitude: f64, longitude: f64) -> Self {
        self.place = Some((latitude, longitude));
        self
    }

    /// Its address in Photos.
    #[must_use]
    pub fn url(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    /// Makes it a favourite.
    #[must_use]
    pub fn favourite(mut self) -> Self {
        self.favourite = true;
        self
    }

    /// Archives it: it lies in a folder of its own beside the years.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Puts it in the trash.
    #[must_use]
    pub fn trashed(mut self) -> Self {
        self.trashed = true;
        self
    }

    /// Puts it in the locked folder.
    #[must_use]
    pub fn locked(mut self) -> Self {
        self.locked = true;
        self
    }

    /// Makes it a film that Google could not process.
    #[must_use]
    pub fn failed(mut self) -> Self {
        self.failed = true;
        self
    }

    /// Makes it one that the person's partner shares.
    #[must_use]
    pub fn of_partner(mut self) -> Self {
        self.partner = true;
        self
    }

    /// Puts it in the album of that key, which is its title unless [`PhotoLibrary::album`] says
    /// otherwise.
    #[must_use]
    pub fn in_album(mut self, key: &str) -> Self {
        self.albums.push(key.to_owned());
        self
    }

    /// Says that it was edited in Photos: an export has both.
    #[must_use]
    pub fn edited(mut self, content: impl Into<Content>) -> Self {
        self.edited = Some(content.into());
        self
    }

    /// Gives it a film that shares its sidecar. `extension` has its dot; it may be empty, as
    /// Pixel phones have it.
    #[must_use]
    pub fn live(mut self, extension: &str, content: impl Into<Content>) -> Self {
        let extension = extension.to_owned();
        self.live = Some(Live { extension, content: content.into(), own_title: None });
        self
    }

    /// Gives its film a sidecar too, in which it has that title.
    #[must_use]
    pub fn live_titled(mut self, title: &str) -> Self {
        if let Some(live) = &mut self.live {
            live.own_title = Some(title.to_owned());
        }
        self
    }

    /// The naming of its sidecar, whatever that of the export is.
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = Some(era);
        self
    }

    /// What its file has for an extension, with the dot, if the title has none.
    #[must_use]
    pub fn extension(mut self, extension: &str) -> Self {
        extension.clone_into(&mut self.extension);
        self
    }

    /// Leaves out its sidecar, as has been seen.
    #[must_use]
    pub fn without_sidecar(mut self) -> Self {
        self.has_sidecar = false;
        self
    }

    /// When it was uploaded.
    pub(super) fn came(&self) -> DateTime<Utc> {
        self.uploaded.unwrap_or(self.taken + TimeDelta::days(1))
    }

    /// Whether an export of what is new since `since` has it.
    pub(super) fn is_new_since(&self, since: DateTime<Utc>) -> bool {
        self.came() >= since || self.changed.is_some_and(|changed| changed >= since)
    }
}

/// An album.
#[derive(Clone, Debug)]
pub struct LibraryAlbum {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) date: Option<DateTime<Utc>>,
}

impl LibraryAlbum {
    /// The album whose items name it `key`, which is its title too.
    #[must_use]
    pub fn new(key: &str) -> Self {
        let (key, title) = (key.to_owned(), key.to_owned());
        Self { key, title, description: String::new(), date: None }
    }

    /// Gives it a title other than its key; empty is none at all.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        title.clone_into(&mut self.title);
        self
    }

    /// Gives it a description.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        text.clone_into(&mut self.description);
        self
    }

    /// Its date, in RFC 3339; else that of its earliest item.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn date(mut self, time: &str) -> Self {
        self.date = Some(instant(time));
        self
    }
}

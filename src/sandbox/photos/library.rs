//! The world's Google Photos: what tests put into it, and what they change in it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::sandbox::content::Content;
use crate::sandbox::item::instant;
use crate::sandbox::picker::Desk;
use crate::sandbox::world::World;

use super::photo::{Album, Photo, VideoStatus};

/// How long a base URL serves: <https://developers.google.com/photos/library/guides/access-media-items>.
const URL_MINUTES: u64 = 60;

/// Everything that belongs to the account's Google Photos.
#[derive(Clone, Debug, Default)]
pub(in crate::sandbox) struct Library {
    pub items: BTreeMap<String, Photo>,
    pub albums: Vec<Album>,
    /// Minutes since the world began, by [`World::pass_minutes`] alone.
    pub minute: u64,
    /// The Picker's counter.
    pub picker: Desk,
}

impl Library {
    /// What this app may see, latest first, as Google lists it.
    pub fn visible(&self) -> Vec<&Photo> {
        let mut items: Vec<_> = self.items.values().filter(|item| item.visible).collect();
        items.sort_by_key(|item| (Reverse(item.taken), &item.id));
        items
    }

    /// The items of an album that this app may see, in the album's order.
    pub fn in_album(&self, album: &Album) -> Vec<&Photo> {
        let items = album.items.iter().filter_map(|id| self.items.get(id));
        items.filter(|item| item.visible).collect()
    }

    pub fn album(&self, id: &str) -> Option<&Album> {
        self.albums.iter().find(|album| album.id == id)
    }

    /// Whether a base URL that was made in this minute still serves.
    pub fn still_serves(&self, minute: u64) -> bool {
        self.minute.saturating_sub(minute) < URL_MINUTES
    }
}

impl World {
    /// Adds a picture or a film to Google Photos.
    ///
    /// # Panics
    ///
    /// If there is one of its id.
    #[must_use]
    pub fn photo(mut self, photo: Photo) -> Self {
        self.add_photo(photo);
        self
    }

    /// Adds an album to Google Photos.
    ///
    /// # Panics
    ///
    /// If there is one of its id, or one of its items is not there.
    #[must_use]
    pub fn album(mut self, album: Album) -> Self {
        self.add_album(album);
        self
    }

    /// As [`Self::photo`], while the sandbox runs.
    ///
    /// # Panics
    ///
    /// If there is one of its id.
    pub fn add_photo(&mut self, photo: Photo) {
        let id = photo.id.clone();
        assert!(self.photos.items.insert(id.clone(), photo).is_none(), "there is a photo {id:?}");
    }

    /// As [`Self::album`], while the sandbox runs.
    ///
    /// # Panics
    ///
    /// If there is one of its id, or one of its items is not there.
    pub fn add_album(&mut self, album: Album) {
        assert!(self.photos.album(&album.id).is_none(), "there is an album {:?}", album.id);
        for id in &album.items {
            assert!(self.photos.items.contains_key(id), "the world has no photo {id:?}");
        }
        self.photos.albums.push(album);
    }

    /// Deletes a picture or a film, from all albums too.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn delete_photo(&mut self, id: &str) {
        assert!(self.photos.items.remove(id).is_some(), "the world has no photo {id:?}");
        for album in &mut self.photos.albums {
            album.items.retain(|item| item != id);
        }
    }

    /// Deletes an album; its items stay.
    pub fn delete_album(&mut self, id: &str) {
        self.photos.albums.retain(|album| album.id != id);
    }

    /// Gives an album another title.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn rename_album(&mut self, id: &str, title: &str) {
        self.album_mut(id).title = Some(title.to_owned());
    }

    /// Gives an album other items, or another order.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn set_album_items(&mut self, id: &str, items: &[&str]) {
        self.album_mut(id).items = items.iter().map(|id| (*id).to_owned()).collect();
    }

    /// Gives a picture other bytes, as an edit in Google Photos does.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn edit_photo(&mut self, id: &str, content: impl Into<Content>) {
        self.photo_mut(id).still = content.into();
    }

    /// Gives a picture or a film another name.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn rename_photo(&mut self, id: &str, filename: &str) {
        filename.clone_into(&mut self.photo_mut(id).filename);
    }

    /// Sets the date of a picture or a film, in RFC 3339. Its bytes stay what they are.
    ///
    /// # Panics
    ///
    /// If it is not there, or `time` is no time.
    pub fn date_photo(&mut self, id: &str, time: &str) {
        self.photo_mut(id).taken = instant(time);
    }

    /// Gives a picture or a film a description.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn describe_photo(&mut self, id: &str, text: &str) {
        self.photo_mut(id).description = Some(text.to_owned());
    }

    /// Makes a picture or a film a favourite, or no longer one.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn favour_photo(&mut self, id: &str, favourite: bool) {
        self.photo_mut(id).favourite = favourite;
    }

    /// Says how far Google is with a film by now.
    ///
    /// # Panics
    ///
    /// If it is not there.
    pub fn set_video_status(&mut self, id: &str, status: VideoStatus) {
        self.photo_mut(id).film = Some(status);
    }

    /// Lets minutes pass: base URLs serve for 60 of them, Picker sessions for seven days.
    pub fn pass_minutes(&mut self, minutes: u64) {
        self.photos.minute += minutes;
    }

    /// Makes every base URL that was given out so far worthless.
    pub fn expire_base_urls(&mut self) {
        self.pass_minutes(URL_MINUTES);
    }

    fn photo_mut(&mut self, id: &str) -> &mut Photo {
        match self.photos.items.get_mut(id) {
            Some(photo) => photo,
            None => panic!("the world has no photo {id:?}"),
        }
    }

    fn album_mut(&mut self, id: &str) -> &mut Album {
        match self.photos.albums.iter_mut().find(|album| album.id == id) {
            Some(album) => album,
            None => panic!("the world has no album {id:?}"),
        }
    }
}

//! What the world's Google Photos holds: pictures, films, albums.
//!
//! Each is described in one line (`Photo::image("p", "a.jpg", b"...").taken("...")`)
//! and given to the world; how Google shows it is the business of `view`.

use chrono::{DateTime, Utc};

use crate::sandbox::content::Content;
use crate::sandbox::item::instant;

use super::place;

/// One item of the world's Google Photos, before and after it is added to it.
///
/// Unless told otherwise this app uploaded it, so that the Library API shows
/// it, and what is served for it is what it is, byte for byte.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate fact of the item")]
pub struct Photo {
    pub(in crate::sandbox) id: String,
    pub(in crate::sandbox) filename: String,
    pub(in crate::sandbox) mime: &'static str,
    pub(in crate::sandbox) taken: DateTime<Utc>,
    pub(in crate::sandbox) width: u32,
    pub(in crate::sandbox) height: u32,
    pub(in crate::sandbox) description: Option<String>,
    pub(in crate::sandbox) camera: Option<(String, String)>,
    pub(in crate::sandbox) categories: Vec<&'static str>,
    pub(in crate::sandbox) visible: bool,
    pub(in crate::sandbox) favourite: bool,
    pub(in crate::sandbox) archived: bool,
    pub(in crate::sandbox) film: Option<VideoStatus>,
    /// What `=d` serves of a picture.
    pub(in crate::sandbox) still: Content,
    /// What `=dv` serves: of a film, or of a motion photo's clip.
    pub(in crate::sandbox) clip: Option<Content>,
}

/// How far Google is with a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoStatus {
    /// It is being transcoded; its bytes cannot be had yet.
    Processing,
    /// Its bytes can be had.
    Ready,
    /// It could not be transcoded; its bytes cannot be had at all.
    Failed,
}

impl VideoStatus {
    /// Google's word for it.
    pub(in crate::sandbox) fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Ready => "READY",
            Self::Failed => "FAILED",
        }
    }
}

impl Photo {
    fn new(id: &str, filename: &str, mime: &'static str, still: Content) -> Self {
        Self {
            id: id.to_owned(),
            filename: filename.to_owned(),
            mime,
            taken: instant("2020-06-01T12:00:00Z"),
            width: 640,
            height: 480,
            description: None,
            camera: None,
            categories: Vec::new(),
            visible: true,
            favourite: false,
            archived: false,
            film: None,
            still,
            clip: None,
        }
    }

    /// A picture; `=d` serves `content`. Its MIME type follows from its name's extension.
    #[must_use]
    pub fn image(id: &str, filename: &str, content: impl Into<Content>) -> Self {
        Self::new(id, filename, mime_of(filename), content.into())
    }

    /// A film; `=dv` serves `content`: say what Google makes of the upload, not the upload.
    #[must_use]
    pub fn video(id: &str, filename: &str, content: impl Into<Content>) -> Self {
        let still = Content::from(super::media::PREVIEW);
        let mut film = Self::new(id, filename, mime_of(filename), still);
        film.clip = Some(content.into());
        film.film = Some(VideoStatus::Ready);
        film
    }

    /// Makes this picture a motion photo; `=dv` serves `clip`.
    #[must_use]
    pub fn motion(mut self, clip: impl Into<Content>) -> Self {
        self.clip = Some(clip.into());
        self
    }

    /// Serves the picture as Google does: without the place that its EXIF holds.
    #[must_use]
    pub fn without_place(mut self) -> Self {
        self.still = place::removed(&self.still.to_bytes()).into();
        self
    }

    /// When it was taken, in RFC 3339.
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn taken(mut self, time: &str) -> Self {
        self.taken = instant(time);
        self
    }

    /// Its width and height in pixels, as shown.
    #[must_use]
    pub fn size(mut self, width: u32, height: u32) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// The camera's maker and model.
    #[must_use]
    pub fn camera(mut self, make: &str, model: &str) -> Self {
        self.camera = Some((make.to_owned(), model.to_owned()));
        self
    }

    /// Gives it a description.
    #[must_use]
    pub fn description(mut self, text: &str) -> Self {
        self.description = Some(text.to_owned());
        self
    }

    /// What Google sees in it: a word of `contentFilter`, such as `LANDSCAPES`.
    #[must_use]
    pub fn category(mut self, word: &'static str) -> Self {
        self.categories.push(word);
        self
    }

    /// Makes it a favourite.
    #[must_use]
    pub fn favourite(mut self) -> Self {
        self.favourite = true;
        self
    }

    /// Archives it: listed, and searched for only with `includeArchivedMedia`.
    #[must_use]
    pub fn archived(mut self) -> Self {
        self.archived = true;
        self
    }

    /// Makes it the work of another app or of the person: the Library API
    /// hides it, in albums too, and only the Picker shows it.
    #[must_use]
    pub fn of_another_app(mut self) -> Self {
        self.visible = false;
        self
    }

    /// Says how far Google is with this film.
    #[must_use]
    pub fn status(mut self, status: VideoStatus) -> Self {
        self.film = Some(status);
        self
    }
}

/// An album: a title, and items in the person's order.
#[derive(Clone, Debug)]
pub struct Album {
    pub(super) id: String,
    pub(super) title: Option<String>,
    pub(in crate::sandbox) items: Vec<String>,
}

impl Album {
    /// An album of the items of these ids.
    #[must_use]
    pub fn new(id: &str, title: &str, items: &[&str]) -> Self {
        let items = items.iter().map(|id| (*id).to_owned()).collect();
        Self { id: id.to_owned(), title: Some(title.to_owned()), items }
    }

    /// Takes its title: Google then leaves the member out.
    #[must_use]
    pub fn untitled(mut self) -> Self {
        self.title = None;
        self
    }
}

/// The MIME type that Google Photos states for a file of that name.
fn mime_of(filename: &str) -> &'static str {
    let extension = filename.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    match extension.as_deref().unwrap_or_default() {
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" => "image/heif",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        _ => "image/jpeg",
    }
}

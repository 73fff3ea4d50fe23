//! All that a file's bytes say, beside their checksums.

use std::io::{Read, Seek};

use super::{Motion, motion, picture_digest, read_shot};
use crate::model::{Media, Sha256, Shot, kind_of};

/// What the bytes of a picture or a film say. Of other files they say nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    /// When, where and with what it was taken.
    pub shot: Shot,
    /// The SHA-256 of the picture without its metadata.
    pub picture: Option<Sha256>,
    /// Whether it is a motion photo.
    pub motion: Motion,
}

impl Told {
    /// Reads it out of `file`. `title` and `mime_type` are the source's and only say what
    /// to look for.
    #[must_use]
    pub fn read(mut file: impl Read + Seek, title: &str, mime_type: &str) -> Self {
        match kind_of(mime_type, title) {
            Media::Other => Self::default(),
            Media::Video => Self { shot: read_shot(file, title, mime_type), ..Self::default() },
            Media::Picture => Self {
                picture: picture_digest(&mut file),
                motion: motion(&mut file),
                shot: read_shot(file, title, mime_type),
            },
        }
    }
}

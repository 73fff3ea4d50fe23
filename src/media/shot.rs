//! What is known of a picture or a film from its own bytes.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::steady::Steady;
use super::tags::Tags;
use super::{pictures, tracks};
use crate::model::{Media, Shot, kind_of};

/// So much of a file is read at most. A TIFF is read whole into memory; what a
/// picture says of itself stands in its first part nearly always.
const READ_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// Returns what the picture or film in `file` says of itself. Whatever is broken,
/// absurd or not there is a missing value; other files have none at all.
///
/// `title` and `mime_type` are the source's and only say what to look for.
#[must_use]
pub fn read_shot(mut file: impl Read + Seek, title: &str, mime_type: &str) -> Shot {
    let tags = match kind_of(mime_type, title) {
        Media::Picture => {
            let tags = guarded(&mut file, |file| pictures::read(BufReader::new(file)));
            Some(measured(&mut file, tags.unwrap_or_default()))
        }
        Media::Video => guarded(&mut file, |file| tracks::read_film(file)),
        Media::Other => None,
    };
    tags.map(Tags::into_shot).unwrap_or_default()
}

/// Takes the size from the picture's own header where no tag states it. HEIF is left
/// out: its header has the size as coded, which clipping and turning change.
fn measured(file: &mut (impl Read + Seek), tags: Tags) -> Tags {
    if tags.width.is_some() && tags.height.is_some() {
        return tags;
    }
    let size = guarded(file, |file| imagesize::reader_size(BufReader::new(file)).ok());
    let pixels = |count: usize| u32::try_from(count).ok();
    Tags {
        width: size.as_ref().and_then(|size| pixels(size.width)).or(tags.width),
        height: size.as_ref().and_then(|size| pixels(size.height)).or(tags.height),
        ..tags
    }
}

/// Lets a reader look at the file from its start, and turns whatever goes wrong,
/// a panic included, into nothing known.
fn guarded<F: Read + Seek, T>(
    file: &mut F,
    read: impl FnOnce(Steady<Bounded<&mut F>>) -> Option<T>,
) -> Option<T> {
    file.rewind().ok()?;
    let bounded = Steady(Bounded { file, left: READ_BYTES_MAX });
    // The reader is dropped with all its state; the file is rewound before its next use.
    catch_unwind(AssertUnwindSafe(|| read(bounded))).ok().flatten()
}

/// A file that ends when so much of it has been read, wherever.
struct Bounded<R> {
    file: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let room = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.file.read(&mut buffer[..room])?;
        self.left -= read as u64;
        Ok(read)
    }
}

impl<R: Seek> Seek for Bounded<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.file.seek(to)
    }
}

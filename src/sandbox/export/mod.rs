//! Takeout's exports of Google Photos, as they come into a person's Drive or to their disk.
//!
//! Google documents next to nothing of them. What is made here follows what people have told
//! of theirs: names, folders, sidecars, parts. It is made anew at each call and always the same.

mod flaw;
mod library;
mod locale;
mod names;
mod parts;
mod sidecar;
mod tgz;
mod tree;
mod truth;
mod zip;

use std::io;

use chrono::{DateTime, Utc};

pub use flaw::Flaw;
pub use library::{LibraryAlbum, LibraryItem, PhotoLibrary};
pub use locale::Locale;
pub use truth::Truth;

use super::content::Content;
use super::item::instant;

/// How sidecars are named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Era {
    /// `IMG.jpg.supplemental-metadata.json`, since the end of 2024.
    #[default]
    Supplemental,
    /// `IMG.jpg.json`, before that.
    Plain,
}

/// What the parts of an export are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// `.zip`
    #[default]
    Zip,
    /// `.tgz`
    Tgz,
}

/// In which folders a picture lies that is in an album.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Copies {
    /// In the year's and in each album's.
    #[default]
    InBoth,
    /// In the year's only: nothing tells of albums then.
    InYears,
    /// In the albums' only.
    InAlbums,
}

/// Where one part ends and the next begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Split {
    /// So many parts of about the same size.
    Parts(u32),
    /// Parts of that many bytes, or of one file that is larger.
    Bytes(u64),
}

/// How zips are written.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate choice of the format")]
struct How {
    /// Pictures too: sidecars always are.
    deflated: bool,
    /// Sizes and checksums follow the bytes.
    streamed: bool,
    /// All sizes are written as those are that need 64 bits.
    zip64: bool,
    /// The date of all entries, as MS-DOS had it.
    time: u32,
}

/// An export: what is in it, and how.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate choice of the export")]
pub struct Export {
    library: PhotoLibrary,
    stamp: String,
    group: Option<u32>,
    split: Split,
    format: Format,
    era: Era,
    locale: Locale,
    copies: Copies,
    since: Option<DateTime<Utc>>,
    how: How,
    scattered: bool,
    has_old_albums: bool,
    has_places_twice: bool,
    strangers: Vec<(String, Content)>,
    flaws: Vec<Flaw>,
}

/// A file in a part.
#[derive(Clone, Debug)]
struct Entry {
    path: Vec<u8>,
    content: Content,
    is_deflated: bool,
    is_link: bool,
    stated_crc32: Option<u32>,
    stated_bytes: Option<u64>,
}

impl Entry {
    fn file(path: &str, content: impl Into<Content>) -> Self {
        Self {
            path: path.as_bytes().to_vec(),
            content: content.into(),
            is_deflated: false,
            is_link: false,
            stated_crc32: None,
            stated_bytes: None,
        }
    }

    fn json(path: &str, content: Content) -> Self {
        Self { is_deflated: true, ..Self::file(path, content) }
    }
}

impl Export {
    /// A full export of `library`: one zip, in English, in the naming of today.
    #[must_use]
    pub fn of(library: &PhotoLibrary) -> Self {
        let export = Self {
            library: library.clone(),
            stamp: String::new(),
            group: Some(3),
            split: Split::Parts(1),
            format: Format::default(),
            era: Era::default(),
            locale: Locale::default(),
            copies: Copies::default(),
            since: None,
            how: How::default(),
            scattered: false,
            has_old_albums: false,
            has_places_twice: false,
            strangers: Vec::new(),
            flaws: Vec::new(),
        };
        export.stamp("20260901T101500Z")
    }

    /// When it was made, as it stands in the names of its parts: `20260901T101500Z`.
    #[must_use]
    pub fn stamp(mut self, stamp: &str) -> Self {
        stamp.clone_into(&mut self.stamp);
        self.how.time = dos_time(self.time());
        self
    }

    /// The number between the time and that of the part, which is 3 unless told otherwise; names
    /// before the end of 2025 have none.
    #[must_use]
    pub fn group(mut self, group: Option<u32>) -> Self {
        self.group = group;
        self
    }

    /// Divides it into so many parts of about the same size.
    #[must_use]
    pub fn parts(mut self, count: u32) -> Self {
        self.split = Split::Parts(count.max(1));
        self
    }

    /// Divides it into parts of that many bytes at the most, or of one file that is larger.
    #[must_use]
    pub fn part_bytes(mut self, bytes: u64) -> Self {
        self.split = Split::Bytes(bytes);
        self
    }

    /// Zips, or tar archives.
    #[must_use]
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// How its sidecars are named.
    #[must_use]
    pub fn era(mut self, era: Era) -> Self {
        self.era = era;
        self
    }

    /// The account's language.
    #[must_use]
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    /// In which folders lies what is in albums.
    #[must_use]
    pub fn copies(mut self, copies: Copies) -> Self {
        self.copies = copies;
        self
    }

    /// Makes it an incremental one: only what was uploaded or edited from that time on (RFC 3339).
    ///
    /// # Panics
    ///
    /// If `time` is not one.
    #[must_use]
    pub fn since(mut self, time: &str) -> Self {
        self.since = Some(instant(time));
        self
    }

    /// Packs pictures and films too, not only sidecars.
    #[must_use]
    pub fn deflated(mut self) -> Self {
        self.how.deflated = true;
        self
    }

    /// Writes the zips as who cannot go back in them: what an entry states follows its bytes.
    /// All is packed then, since nothing else would tell where bytes end.
    #[must_use]
    pub fn streamed(mut self) -> Self {
        (self.how.streamed, self.how.deflated) = (true, true);
        self
    }

    /// Writes the zips as if they were larger than 4 GiB.
    #[must_use]
    pub fn zip64(mut self) -> Self {
        self.how.zip64 = true;
        self
    }

    /// Puts files into parts in no order, so that sidecars are mostly in other parts.
    #[must_use]
    pub fn scattered(mut self) -> Self {
        self.scattered = true;
        self
    }

    /// Tells of albums as exports did until about 2021: all of it under `albumData`.
    #[must_use]
    pub fn old_albums(mut self) -> Self {
        self.has_old_albums = true;
        self
    }

    /// Tells of each item's place as its own bytes have it as well (`geoDataExif`), even of one
    /// that has none. Exports did until some time before 2026; now few items have it.
    #[must_use]
    pub fn places_twice(mut self) -> Self {
        self.has_places_twice = true;
        self
    }

    /// Adds a file of another product: `Takeout/Mail/All mail.mbox`.
    #[must_use]
    pub fn with_file(mut self, path: &str, content: impl Into<Content>) -> Self {
        self.strangers.push((path.to_owned(), content.into()));
        self
    }

    /// Does something wrong.
    #[must_use]
    pub fn flaw(mut self, flaw: Flaw) -> Self {
        self.flaws.push(flaw);
        self
    }

    /// Its parts, by name, as they can be had: without those that are missing.
    ///
    /// # Panics
    ///
    /// If the machine has no room for them. [`Self::build`] returns that instead.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Content)> {
        match self.build() {
            Ok(files) => files,
            Err(error) => panic!("the parts of an export could not be written: {error}"),
        }
    }

    /// As [`Self::files`].
    ///
    /// # Errors
    ///
    /// If the machine has no room for them: large ones are in temporary files.
    pub fn build(&self) -> io::Result<Vec<(String, Content)>> {
        let parts = parts::build(self)?;
        Ok(parts.into_iter().map(|part| (part.name, part.content)).collect())
    }

    /// What lies in it, by path, as who unpacked all parts has it. What only flaws add, and
    /// what has no text for a path, is left out.
    #[must_use]
    pub fn unpacked(&self) -> Vec<(String, Content)> {
        let entries = tree::grow(self).entries.into_iter();
        entries.filter_map(|it| Some((String::from_utf8(it.path).ok()?, it.content))).collect()
    }

    /// What a right import of it comes to, item by item in the library's order.
    #[must_use]
    pub fn truth(&self) -> Vec<Truth> {
        truth::of(self, &tree::grow(self))
    }

    /// The items that are in it, by their number in the library.
    fn chosen(&self) -> impl Iterator<Item = (usize, &LibraryItem)> {
        let items = self.library.items.iter().enumerate();
        items.filter(|(_, item)| self.since.is_none_or(|since| item.is_new_since(since)))
    }

    /// When it was made. A stamp that is no time, as has been seen, counts as 1 September 2026.
    fn time(&self) -> DateTime<Utc> {
        tree::stamped(&self.stamp).unwrap_or_else(|| instant("2026-09-01T10:15:00Z"))
    }
}

/// A date and time as zips have it: to two seconds, since 1980; the time is the lower half.
fn dos_time(time: DateTime<Utc>) -> u32 {
    use chrono::{Datelike as _, Timelike as _};
    let years = u32::try_from(time.year() - 1980).unwrap_or(0);
    let date = (years << 9) | (time.month() << 5) | time.day();
    (date << 16) | (time.hour() << 11) | (time.minute() << 5) | (time.second() / 2)
}

//! Google Takeout: the archives of an export, in Drive or on a disk, read where they lie.
//!
//! A zip is read by ranges: its directory at the end, then the entries that are wanted, in as
//! few requests as they lie near each other. A tgz and an unpacked folder are read from the
//! first entry to the last. No archive is written anywhere, and none is held in memory. What
//! is wrong with an archive is told as a [`Trouble`] and costs no more than itself. Which
//! entry belongs to which is for `plan::takeout` to say.

mod feed;
#[doc(hidden)]
pub mod fuzzed;
mod medium;
mod path;
mod reading;
mod sidecar;
mod stream;
mod trouble;
mod zip;

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use async_trait::async_trait;

use self::medium::{Medium, blocking};
use self::reading::ZipReading;
use self::stream::{Folder, StreamReading, Tar, in_turn};
use self::zip::near;
use super::{Error, Origin, Reading, Want};
use crate::google::Client;
use crate::model::{Lies, Packed, Part, PartFormat, Revision};

pub use self::sidecar::{BadSidecar, read_sidecar};
pub use self::stream::Streaming;
pub use self::trouble::{Trouble, TroubleKind};
pub use self::zip::{Directory, Small};

/// What an archive has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file that can be read.
    Entry(Packed),
    /// Something that is wrong.
    Trouble(Trouble),
}

/// The archives of Takeout, wherever they lie.
#[derive(Clone)]
pub struct Takeout {
    client: Option<Client>,
}

impl Takeout {
    /// With `client` to read what lies in Drive; `None` where only a disk's files are read.
    /// Sends nothing.
    #[must_use]
    pub const fn new(client: Option<Client>) -> Self {
        Self { client }
    }

    /// Looks at a file or a folder that a person named: what it is, by its content, and in which
    /// state it is. Of a folder nothing tells that.
    ///
    /// # Errors
    ///
    /// [`Error::Local`] if it cannot be read; [`Error::NoPart`] if it is none of them.
    pub async fn look(path: &Path) -> Result<(Part, Revision), Error> {
        let (format, size_bytes, modified) = blocking(path.to_owned(), look).await?;
        let format = format.ok_or_else(|| Error::NoPart { path: path.to_owned() })?;
        let revision = Revision(format!("{size_bytes}-{modified}"));
        Ok((Part { lies: Lies::OnDisk(path.to_owned()), format, size_bytes }, revision))
    }

    /// Opens the directory of a zip. One request of a small part, two of most.
    ///
    /// # Errors
    ///
    /// [`Error::Local`]; [`Error::Gone`], [`Error::Withheld`] and [`Error::Google`] of what lies
    /// in Drive.
    pub async fn directory(&self, part: &Part) -> Result<Directory, Error> {
        Directory::open(self.medium(part).await?, part.size_bytes).await
    }

    /// Opens small entries of a zip, to be read whole, in as few requests as they lie near
    /// each other; none of more than 64 MiB.
    ///
    /// # Errors
    ///
    /// [`Error::Local`], [`Error::Google`].
    pub async fn read_small(&self, part: &Part, entries: &[Packed]) -> Result<Small, Error> {
        Ok(Small::new(self.medium(part).await?, part.size_bytes, entries))
    }

    /// Opens a tgz or an unpacked folder, to be read from its first entry to its last, but
    /// for the first `skip` entries, which were read before. A folder passes over them
    /// unread, a tgz must be read all the same.
    ///
    /// # Errors
    ///
    /// [`Error::Local`]; of what lies in Drive [`Error::Google`].
    pub async fn stream(&self, part: &Part, skip: u64) -> Result<Box<dyn Streaming>, Error> {
        if let (Lies::OnDisk(root), PartFormat::Folder) = (&part.lies, part.format) {
            return Ok(Box::new(Folder::open(root.clone(), skip).await?));
        }
        let medium = self.medium(part).await?;
        Ok(Box::new(Tar::new(medium.flow(0..part.size_bytes), skip)))
    }

    async fn medium(&self, part: &Part) -> Result<Medium, Error> {
        Medium::open(self.client.as_ref(), &part.lies).await
    }
}

/// What the file or folder at `path` is, its length, and when it was last modified, in
/// nanoseconds.
fn look(path: &Path) -> std::io::Result<(Option<PartFormat>, u64, i128)> {
    let metadata = std::fs::metadata(path)?;
    let modified = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
    if metadata.is_dir() {
        return Ok((Some(PartFormat::Folder), 0, modified));
    }
    let mut start = [0; 4];
    let file = std::fs::File::open(path)?;
    let read = std::os::unix::fs::FileExt::read_at(&file, &mut start, 0)?;
    let format = match &start[..read] {
        // The second is the end record: there is nothing in it.
        b"PK\x03\x04" | b"PK\x05\x06" => Some(PartFormat::Zip),
        [0x1f, 0x8b, ..] => Some(PartFormat::Tgz),
        _ => None,
    };
    Ok((format, metadata.len(), modified))
}

#[async_trait]
impl Origin for Takeout {
    fn together(&self, wants: &[Want]) -> usize {
        let Some(first) = wants.first() else { return 0 };
        let Some(within) = &first.within else { return 1 };
        let others = wants.iter().map_while(|want| want.within.as_ref());
        let same = others.take_while(|other| other.part == within.part);
        let entries = same.map(|within| &within.packed);
        match within.part.format {
            PartFormat::Zip => near(entries),
            PartFormat::Tgz | PartFormat::Folder => in_turn(entries),
        }
    }

    async fn open(&self, wants: &[Want]) -> Result<Box<dyn Reading>, Error> {
        let within = wants.first().and_then(|want| want.within.as_ref()).ok_or(Error::Gone)?;
        let part = &within.part;
        Ok(match part.format {
            PartFormat::Zip => {
                Box::new(ZipReading::new(self.medium(part).await?, part.size_bytes, wants))
            }
            PartFormat::Tgz | PartFormat::Folder => {
                let stream = self.stream(part, within.packed.at).await?;
                Box::new(StreamReading::new(stream, wants))
            }
        })
    }
}

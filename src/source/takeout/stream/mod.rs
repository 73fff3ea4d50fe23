//! What is read from its first entry to its last, once: tar archives under gzip, and folders
//! that were unpacked already.

mod folder;
mod gunzip;
mod reading;
mod tar;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use bytes::Bytes;

use super::super::Error;
use super::Found;

pub(super) use folder::Folder;
pub(super) use reading::{StreamReading, in_turn};
pub(super) use tar::Tar;

/// The entries of a part, one after another, each with its bytes.
#[async_trait]
pub trait Streaming: Send {
    /// Goes on to the next entry, whether the one before was read to its end or not; `None`
    /// after the last. Its `at` is how many entries were before it, and its CRC-32 is not
    /// known: whoever reads it to its end knows it.
    ///
    /// # Errors
    ///
    /// [`Error::Google`], [`Error::Gone`], [`Error::Withheld`], [`Error::Local`]: begin again, and
    /// pass over what was read. What is wrong with the part is no error.
    async fn entry(&mut self) -> Result<Option<Found>, Error>;

    /// Returns the next bytes of the entry; `None` at its end.
    ///
    /// # Errors
    ///
    /// As [`Self::entry`]; [`Error::Broken`] if the entry ends before it should.
    async fn chunk(&mut self) -> Result<Option<Bytes>, Error>;
}

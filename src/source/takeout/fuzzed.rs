//! The fuzzer's ways (`fuzz/`) to what is read of archives. The program uses none.
//!
//! All that is read lies in memory, so nothing is ever waited for.

use bytes::Bytes;
use futures_util::FutureExt as _;

use super::super::Error;
use super::medium::Medium;
use super::zip::{Directory, Group};
use super::{Found, Trouble};
use crate::model::Packed;

/// What is in a zip, and what is wrong with it, of the first `most`.
#[must_use]
pub fn directory(zip: &[u8], most: usize) -> Vec<Found> {
    let (medium, size) = (Medium::Memory(Bytes::copy_from_slice(zip)), zip.len() as u64);
    let listed = async {
        let (mut all, mut directory) = (Vec::new(), Directory::open(medium, size).await?);
        while let Some(found) = directory.next().await? {
            all.extend(found);
            if all.len() > most {
                break;
            }
        }
        Ok::<_, Error>(all)
    };
    listed.now_or_never().and_then(Result::ok).unwrap_or_default()
}

/// How many bytes each of `entries` of a zip has, read in one go, or what is wrong with it.
#[must_use]
pub fn unpacked(zip: &[u8], entries: Vec<Packed>) -> Vec<Result<u64, Trouble>> {
    let (medium, size) = (Medium::Memory(Bytes::copy_from_slice(zip)), zip.len() as u64);
    let mut group = Group::new(medium, size, entries, 0);
    let mut lengths = Vec::new();
    let read = async {
        loop {
            match length(&mut group).await {
                Ok(Some(length)) => lengths.push(Ok(length)),
                Err(Error::Broken(trouble)) => lengths.push(Err(trouble)),
                Ok(None) | Err(_) => return,
            }
        }
    };
    read.now_or_never();
    lengths
}

async fn length(group: &mut Group) -> Result<Option<u64>, Error> {
    let Some(mut length) = group.entry().await? else { return Ok(None) };
    while let Some(bytes) = group.chunk().await? {
        length += bytes.len() as u64;
    }
    Ok(Some(length))
}

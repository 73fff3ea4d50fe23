//! The fuzzer's ways (`fuzz/`) to what is read of archives. The program uses none.
//!
//! All that is read lies in memory, so nothing is ever waited for.

use std::io::Write as _;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::FutureExt as _;

use super::super::Error;
use super::medium::Medium;
use super::stream::Tar;
use super::zip::{Directory, Group};
use super::{Found, Streaming as _, Trouble};
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

/// What is in a tgz, of the first `most`, each with how many bytes of it came.
#[must_use]
pub fn tgz(tgz: &[u8], most: usize) -> Vec<(Found, Result<u64, Trouble>)> {
    let medium = Medium::Memory(Bytes::copy_from_slice(tgz));
    let mut tar = Tar::new(medium.flow(0..tgz.len() as u64), 0);
    let mut all = Vec::new();
    let read = async {
        while let Ok(Some(found)) = tar.entry().await {
            let mut length = 0;
            let came = loop {
                match tar.chunk().await {
                    Ok(Some(bytes)) => length += bytes.len() as u64,
                    Err(Error::Broken(trouble)) => break Err(trouble),
                    Ok(None) | Err(_) => break Ok(length),
                }
            };
            all.push((found, came));
            if all.len() > most {
                break;
            }
        }
    };
    read.now_or_never();
    all
}

/// The same of a tar, which is put under gzip first: no fuzzer makes a gzip file.
#[must_use]
pub fn tar(tar: &[u8], most: usize) -> Vec<(Found, Result<u64, Trouble>)> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::none());
    let packed = gzip.write_all(tar).and_then(|()| gzip.finish());
    packed.map(|packed| tgz(&packed, most)).unwrap_or_default()
}

async fn length(group: &mut Group) -> Result<Option<u64>, Error> {
    let Some(mut length) = group.entry().await? else { return Ok(None) };
    while let Some(bytes) = group.chunk().await? {
        length += bytes.len() as u64;
    }
    Ok(Some(length))
}

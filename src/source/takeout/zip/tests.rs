//! Zips of every kind: those that the `zip` crate makes, and such as nobody should make.

mod broken;
mod made;

use bytes::Bytes;

use super::super::super::Error;
use super::super::medium::Medium;
use super::super::{Found, Trouble, TroubleKind};
use super::{Directory, Group, Small};
use crate::model::Packed;

/// What an archive has.
#[derive(Debug, Default)]
struct Listed {
    entries: Vec<Packed>,
    troubles: Vec<Trouble>,
}

impl Listed {
    fn paths(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| entry.path.as_str()).collect()
    }

    /// What is wrong, and with what.
    fn told(&self) -> Vec<(&str, TroubleKind)> {
        self.troubles.iter().map(|it| (it.path.as_str(), it.what.clone())).collect()
    }
}

fn medium(zip: &[u8]) -> Medium {
    Medium::Memory(Bytes::copy_from_slice(zip))
}

async fn list(zip: &[u8]) -> Listed {
    let mut listed = Listed::default();
    let mut directory = Directory::open(medium(zip), zip.len() as u64).await.unwrap();
    while let Some(batch) = directory.next().await.unwrap() {
        for found in batch {
            match found {
                Found::Entry(entry) => listed.entries.push(entry),
                Found::Trouble(trouble) => listed.troubles.push(trouble),
            }
        }
    }
    listed
}

/// The bytes of each of `entries`, from `from_byte` on of the first.
async fn read(zip: &[u8], entries: &[Packed], from_byte: u64) -> Vec<Result<Vec<u8>, Trouble>> {
    let mut group = Group::new(medium(zip), zip.len() as u64, entries.to_vec(), from_byte);
    let mut read = Vec::new();
    loop {
        match whole(&mut group).await {
            Ok(Some(bytes)) => read.push(Ok(bytes)),
            Ok(None) => return read,
            Err(Error::Broken(trouble)) => read.push(Err(trouble)),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn whole(group: &mut Group) -> Result<Option<Vec<u8>>, Error> {
    if group.entry().await?.is_none() {
        return Ok(None);
    }
    let mut all = Vec::new();
    while let Some(bytes) = group.chunk().await? {
        assert!(!bytes.is_empty());
        all.extend_from_slice(&bytes);
    }
    Ok(Some(all))
}

/// The same, as small entries, in the order of `entries`.
async fn read_small(zip: &[u8], entries: &[Packed]) -> Vec<Result<Vec<u8>, Trouble>> {
    let mut small = Small::new(medium(zip), zip.len() as u64, entries);
    let mut read = vec![None; entries.len()];
    while let Some((place, bytes)) = small.next().await.unwrap() {
        assert_eq!(read[place].replace(bytes), None);
    }
    read.into_iter().map(Option::unwrap).collect()
}
